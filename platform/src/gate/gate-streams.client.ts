import { setTimeout as pause } from 'node:timers/promises';
import type { Batch, BatchControl, KafkaPort } from '../kafka/kafka.ts';
import type { GateStreams } from './streams.ts';

interface Settings {
  /** Tells this process from every other one, also from its own earlier life. */
  readonly instance: string;
  /** Milliseconds between attempts; 500 if absent. */
  readonly retryAfter?: number;
}

/**
 * The streams of a gate over Kafka. It never commits to Kafka: the one place that counts is in the gate's database, so
 * each assignment starts at the first message and jumps to that place, wherever it is.
 */
export function gateStreams(kafka: KafkaPort, { instance, retryAfter = 500 }: Settings): GateStreams {
  return {
    ends: (topic) => kafka.ends(topic),

    follow: async ({ topic, group, position, handle }) => {
      // Where fetching was sent to because the stored place asked for it.
      let sought = -1;
      // What comes next if nobody else moves the stored place; whoever finds it moved refuses the batch.
      let expected: number | undefined;
      const onBatch = async ({ messages }: Batch, control: BatchControl): Promise<void> => {
        try {
          const wanted =
            expected !== undefined && messages[0]?.offset === expected ? expected : ((await position()) ?? 0);
          expected = undefined;
          const fresh = messages.filter(({ offset }) => offset >= wanted);
          const first = fresh[0];
          const jump = first === undefined || (first.offset > wanted && sought !== wanted);
          if (jump) {
            sought = wanted;
            control.seek(wanted);
            return;
          }
          // If the first is still not the wanted one, then that one is gone: the handler has to know.
          await handle(fresh);
          expected = (fresh.at(-1)?.offset ?? wanted) + 1;
          control.seek(expected);
          sought = -1;
        } catch {
          // The handler has told why; whatever it is, nothing is passed over.
          await retry(position, control);
          sought = -1;
        }
      };
      const subscription = await kafka.consume({ group, topics: [topic], onBatch });
      return { stop: subscription.stop, failed: subscription.failed };
    },

    tail: async (topic, handle) => {
      let next = 0;
      const subscription = await kafka.consume({
        group: `gate.${topic}.${instance}`,
        topics: [topic],
        onBatch: ({ messages }, control) => {
          const last = messages.at(-1);
          // Older ones say what the last one says, only worse.
          if (last && last.offset >= next) {
            next = last.offset + 1;
            handle(last);
          }
          control.seek(next);
          return Promise.resolve();
        },
      });
      return { stop: subscription.stop, failed: subscription.failed };
    },
  };

  async function retry(position: () => Promise<number | undefined>, control: BatchControl): Promise<void> {
    while (control.live()) {
      await pause(retryAfter);
      await control.heartbeat();
      try {
        control.seek((await position()) ?? 0);
        return;
      } catch {
        // The database does not answer: nothing can be applied, so there is nothing to read either.
        continue;
      }
    }
  }
}
