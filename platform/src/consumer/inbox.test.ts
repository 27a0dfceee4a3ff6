import { expect, test } from '@jest/globals';
import type { Codec } from '@lotwarden/contracts/codec';
import { createLog } from '../log/log.ts';
import { memoryStore, type Disk } from '../testing/simulation/memory-store.ts';
import type { Consumer } from './consumer.ts';
import { createInbox, declareInbox } from './inbox.store.ts';
import { parkedKeyId, type ParkedKey } from './parking.ts';

const TOPIC = 'qms.inspection.v1';
const consumer: Consumer = { topic: TOPIC, group: 'test.heard', handle: () => Promise.resolve() };
const codec = { decode: () => ({ type: 'Anything' }) } as unknown as Codec;
const log = createLog({ service: 'test', level: 'silent' });

function house() {
  const disk: Disk = new Map();
  let meanwhile: (() => Promise<unknown>) | undefined;
  const store = memoryStore({
    disk,
    codec: { encode: () => new Uint8Array() },
    turn: async (at) => {
      if (at !== 'commit' || meanwhile === undefined) return;
      const other = meanwhile;
      meanwhile = undefined;
      await other();
    },
  });
  const inbox = createInbox({ store, codec, log, service: 'qms', allowedSources: {}, parkedKeys: declareInbox(store) });
  let tries = 0;
  const apply = (version: number) => {
    const message = {
      partition: 0,
      offset: version,
      key: 'A',
      rawKey: null,
      value: Buffer.from('{}'),
      headers: { ce_subject: 'A', ce_aggregateversion: String(version) },
      timestamp: 0,
    };
    return store.work({ actor: 'test' }, (work) => {
      tries += 1;
      return inbox.apply(consumer, [inbox.read(consumer, message)], work);
    });
  };
  const header = () =>
    disk.get('parked_keys')?.get(parkedKeyId(consumer.group, TOPIC, 'A')) as
      { rev: number; state: ParkedKey } | undefined;
  return { apply, header, tries: () => tries, whileItCommits: (other: () => Promise<unknown>) => (meanwhile = other) };
}

test('the message that was missing says so in the header of its key: what waits can follow, whoever looks', async () => {
  const { apply, header } = house();
  await apply(1);
  await apply(3);
  const before = header();
  expect(before?.state).toMatchObject({ reason: 'gap', detail: 'version 3 after 1', count: 1 });
  const { unblocked } = await apply(2);
  expect([...unblocked]).toEqual(['A']);
  expect(header()).toMatchObject({
    rev: (before?.rev ?? 0) + 1,
    state: { reason: 'gap', detail: 'what was missing has come', count: 1 },
  });
});

test('who handles a message of a parked key while another parks one of it decides again on what is there then', async () => {
  const { apply, header, tries, whileItCommits } = house();
  await apply(1);
  await apply(3);
  whileItCommits(() => apply(4));
  const { unblocked } = await apply(2);
  expect([...unblocked]).toEqual(['A']);
  // 1, 3, 2, 4, and 2 again.
  expect(tries()).toBe(5);
  expect(header()?.state).toMatchObject({ count: 2, detail: 'what was missing has come' });
});
