import { expect, test } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsumeRequest, KafkaPort } from '@lotwarden/platform/kafka';
import { createLog } from '@lotwarden/platform/log';
import { until } from '@lotwarden/platform/testing/until';
import { createHistory } from '../../test/history.ts';
import { fold } from '../genealogy/fold.ts';
import { createGenealogy } from '../genealogy/create-genealogy.ts';
import { writeSnapshot } from '../snapshot/snapshot.store.ts';
import { createReplica } from './replica.client.ts';

const TOPIC = 'mes-bridge.operation.v1';
const log = createLog({ service: 'test', level: 'silent' });
const THREADS_START = 30_000;

/** A replica beside a snapshot that read `next` messages of a topic, the last with this id; the topic ends at `end`. */
async function begun(next: number, end: number) {
  const folder = mkdtempSync(join(tmpdir(), 'lotwarden-replica-'));
  const { facts, tell } = createHistory();
  tell.operation('op-1', { in: [['M1', 1]], out: [['F1', 1]] });
  const graph = createGenealogy();
  for (const fact of facts) fold(graph, fact);
  const marks = [{ topic: TOPIC, partition: 0, next }];
  await writeSnapshot(folder, { graph, marks, lastIds: new Map([[`${TOPIC}/0`, 'op-1:1@test']]), unreadable: [] });
  const requests: ConsumeRequest[] = [];
  const port: Pick<KafkaPort, 'consume' | 'ends'> = {
    ends: async (topic) => [{ partition: 0, low: 0, next: topic === TOPIC ? end : 0 }],
    consume: async (request) => {
      requests.push(request);
      const failed = new Promise<Error>(() => undefined);
      return { ready: Promise.resolve(), assigned: () => true, failed, stop: async () => undefined };
    },
  };
  const snapshots = { folder, every: 3_600_000, growth: 1_000_000 };
  let lives = 0;
  const replica = createReplica({
    kafka: port as KafkaPort,
    log,
    unique: () => String(++lives),
    missing: [],
    snapshots,
  });
  await replica.start();
  const reread = async (id: string): Promise<void> => {
    const message = { partition: 0, offset: next - 1, key: null, rawKey: null, value: null, headers: { ce_id: id }, timestamp: 0 }; // prettier-ignore
    const nothing = () => undefined;
    const control = { live: () => true, heartbeat: async () => undefined, done: async () => undefined, seek: nothing, pause: nothing }; // prettier-ignore
    await requests[0]!.onBatch({ topic: TOPIC, partition: 0, messages: [message], from: next - 1, next, end }, control);
  };
  const knows = async (lot: string): Promise<boolean> => (await replica.ask('lot', { lot })) !== null;
  return { replica, requests, reread, knows };
}

test(
  'a replica goes on from its snapshot, and reads the last message again to see that it is the same topic',
  async () => {
    const { replica, requests, reread, knows } = await begun(7, 9);
    expect(requests[0]?.startAt).toEqual([{ topic: TOPIC, partition: 0, next: 6 }]);
    expect(await knows('F1')).toBe(true);
    await reread('op-1:1@test');
    expect(await knows('F1')).toBe(true);
    await replica.stop();
  },
  THREADS_START,
);

test(
  'a snapshot ahead of its topic is thrown away',
  async () => {
    const { replica, requests, knows } = await begun(7, 5);
    expect(requests.map(({ startAt }) => startAt)).toEqual([[]]);
    expect(await knows('F1')).toBe(false);
    await replica.stop();
  },
  THREADS_START,
);

test(
  'so is one whose last message is another one by now',
  async () => {
    const { replica, requests, reread, knows } = await begun(7, 9);
    await expect(reread('other:1@elsewhere')).rejects.toMatchObject({ code: 'graph-unavailable' });
    await until(() => requests.length === 2);
    expect(requests[1]?.startAt).toEqual([]);
    await until(async () => !(await knows('F1')));
    await replica.stop();
  },
  THREADS_START,
);
