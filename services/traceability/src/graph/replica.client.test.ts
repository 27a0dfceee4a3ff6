import { expect, test } from '@jest/globals';
import type { ConsumeRequest, KafkaPort } from '@lotwarden/platform/kafka';
import { createLog } from '@lotwarden/platform/log';
import { until } from '@lotwarden/platform/testing/until';
import { createReplica } from './replica.client.ts';

interface Taken {
  readonly request: ConsumeRequest;
  readonly fail: (error: Error) => void;
  stopped: boolean;
}

/** A port that remembers who subscribed, and lets a test break a subscription. */
function fakeKafka() {
  const taken: Taken[] = [];
  const refusals: Error[] = [];
  const port: Pick<KafkaPort, 'consume' | 'ends'> = {
    ends: async () => [{ partition: 0, low: 0, next: 0 }],
    consume: async (request) => {
      const refusal = refusals.pop();
      if (refusal) throw refusal;
      const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();
      const one: Taken = { request, fail, stopped: false };
      taken.push(one);
      const stop = async () => void (one.stopped = true);
      return { ready: Promise.resolve(undefined), assigned: () => true, failed, stop };
    },
  };
  return { kafka: port as KafkaPort, taken, refusals };
}

const log = createLog({ service: 'test', level: 'silent' });

test('a replica whose subscription dies is rebuilt from the beginning, under another group', async () => {
  const { kafka, taken, refusals } = fakeKafka();
  let lives = 0;
  let changes = 0;
  const replica = createReplica({ kafka, log, unique: () => `life-${++lives}`, missing: [] });
  replica.onChange(() => changes++);
  await expect(replica.ask('limits', null)).rejects.toMatchObject({ code: 'graph-unavailable' });
  await replica.start();
  refusals.push(new Error('brokers are away'));
  taken[0]!.fail(new Error('gave up'));
  await until(() => taken.length === 2);
  expect(taken.map(({ request }) => request.group)).toEqual(['traceability.graph.life-1', 'traceability.graph.life-3']);
  expect(taken[0]!.stopped).toBe(true);
  await until(() => changes === 1);
  expect(await replica.ask('limits', null)).toMatchObject({ complete: true, offsets: [] });

  const progress: number[] = [];
  const batch = { topic: 'field.custody.v1', partition: 2, messages: [], from: 0, next: 1, end: 1 };
  const unreadable = { partition: 2, key: null, rawKey: null, value: null, headers: {}, timestamp: 0 };
  const control = {
    live: () => true,
    heartbeat: async () => undefined,
    done: async (next: number) => void progress.push(next),
    seek: () => undefined,
    pause: () => undefined,
  };
  await taken[1]!.request.onBatch(batch, control);
  await taken[1]!.request.onBatch({ ...batch, messages: [{ ...unreadable, offset: 0 }] }, control);
  expect(progress).toEqual([1]);
  expect(await replica.ask('limits', null)).toMatchObject({
    complete: false,
    gaps: ['undecodable field.custody.v1/2 offset 0'],
    offsets: [{ topic: 'field.custody.v1', partition: 2, next: 1 }],
  });
  await replica.stop();
  expect(taken[1]!.stopped).toBe(true);
});
