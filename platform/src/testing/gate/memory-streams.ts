import { setTimeout as pause } from 'node:timers/promises';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { GateStreams, StreamMessage } from '../../gate/streams.ts';

export interface MemoryStreams extends GateStreams {
  append(topic: TopicName, value: Buffer): number;
}

/** Topics of one partition in memory, read the way the port promises: one batch at a time, again after a failure. */
export function memoryStreams(batchSize = 100): MemoryStreams {
  const logs = new Map<TopicName, StreamMessage[]>();
  const tails = new Set<{ topic: TopicName; handle: (message: StreamMessage) => void }>();
  const log = (topic: TopicName): StreamMessage[] => {
    const messages = logs.get(topic) ?? [];
    logs.set(topic, messages);
    return messages;
  };

  const never = new Promise<Error>(() => undefined);

  return {
    append: (topic, value) => {
      const message = { offset: log(topic).length, value };
      log(topic).push(message);
      for (const tail of tails) if (tail.topic === topic) tail.handle(message);
      return message.offset;
    },
    ends: (topic) => Promise.resolve([{ partition: 0, low: 0, next: log(topic).length }]),
    tail: (topic, handle) => {
      const tail = { topic, handle };
      tails.add(tail);
      const last = log(topic).at(-1);
      if (last) handle(last);
      return Promise.resolve({ failed: never, stop: () => Promise.resolve(void tails.delete(tail)) });
    },
    follow: ({ topic, position, handle }) => {
      let stopped = false;
      const read = async (): Promise<void> => {
        let at = await position();
        while (!stopped) {
          const batch = log(topic).slice(at ?? 0, (at ?? 0) + batchSize);
          if (batch.length === 0) {
            await pause(2);
            continue;
          }
          try {
            await handle(batch);
            at = (at ?? 0) + batch.length;
          } catch {
            // The port's promise: a handler that throws is called again from its position.
            await pause(5);
            at = await position();
          }
        }
      };
      const reading = read();
      return Promise.resolve({
        failed: never,
        stop: () => {
          stopped = true;
          return reading;
        },
      });
    },
  };
}
