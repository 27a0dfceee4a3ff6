import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCodec } from '@lotwarden/contracts/codec';
import { createHistory } from '../../test/history.ts';
import type { Fact } from '../genealogy/facts.ts';
import { startGraph, type Graph } from './graph.client.ts';
import type { StreamMessage } from './protocol.ts';

const codec = createCodec();
const heard: string[] = [];
let graph: Graph;
beforeEach(() => {
  heard.length = 0;
  graph = startGraph({ onUnreadable: (gaps) => void heard.push(...gaps) });
});
afterEach(() => graph.stop());

const message = ({ topic, partition, offset, aggregate, version, id, occurredAt, event }: Fact): StreamMessage => ({
  topic,
  partition,
  offset,
  value: codec.encode(topic, event),
  headers: {
    ce_id: id,
    ce_subject: encodeURIComponent(aggregate),
    ce_aggregateversion: String(version),
    ce_occurredat: occurredAt,
  },
});

function story(): StreamMessage[] {
  const { facts, tell } = createHistory();
  tell.received('L0', 10);
  tell.declared('F1');
  tell.operation('op-1', { in: [['L0', 2]], out: [['F1', 1]] });
  return facts.map(message);
}

test('fed with messages it answers, with the offsets that the answer is relative to', async () => {
  const changes: unknown[] = [];
  graph.onChange((trace) => changes.push(trace));
  const traced = (one: StreamMessage, traceparent: string) => ({ ...one, headers: { ...one.headers, traceparent } });
  const [lot, made, operation] = story();
  await graph.feed([traced(lot!, 'first'), traced(made!, 'second'), operation!, traced(lot!, 'of a duplicate')]);
  await graph.feed(story());
  const answer = await graph.ask('scope', { roots: ['L0'], direction: 'forward' });
  expect(answer).toMatchObject({ lots: [{ lot: 'L0' }, { lot: 'F1' }], complete: true, gaps: [] });
  expect(answer.offsets).toContainEqual({ topic: 'mes-bridge.operation.v1', partition: 0, next: 1 });
  expect(changes).toEqual(['second']);
});

test('a question waits for the offsets it asks for, and is told how far it is when they do not come', async () => {
  const [first, ...rest] = story();
  await graph.feed([first!]);
  const minOffsets = [
    { topic: 'mes-bridge.operation.v1', partition: 0, next: 1 },
    { topic: 'wms.inbound.v1', partition: 0, next: 99 },
  ];
  const ask = { roots: ['L0'], direction: 'forward' } as const;
  await expect(graph.ask('scope', ask, { minOffsets, patience: 1 })).rejects.toMatchObject({
    code: 'not-caught-up',
    detail: { behind: 'mes-bridge.operation.v1/0: 0 of 1' },
  });
  const waiting = graph.ask('scope', ask, { minOffsets });
  await graph.feed(rest);
  expect((await waiting).lots).toHaveLength(2);
});

test('until the ends of the streams are reached every answer says what is unread', async () => {
  graph.expect({ targets: [{ topic: 'field.custody.v1', partition: 3, next: 7 }], missing: [] });
  expect(await graph.ask('limits', null)).toMatchObject({
    complete: false,
    gaps: ['unread field.custody.v1/3 up to 7'],
  });
});

test('what cannot be read, or was jumped over, is a gap by name, and the rest goes on', async () => {
  const [lot, ...rest] = story();
  const unknown = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1]);
  const next = { ...lot!, partition: 1, headers: { ...lot!.headers, ce_subject: 'other' } };
  await graph.feed([
    { ...next, offset: 0, value: Buffer.from('not avro') },
    { ...next, offset: 1, value: unknown },
    { ...next, offset: 5, value: null },
    lot!,
    ...rest,
  ]);
  const { gaps, lots } = await graph.ask('scope', { roots: ['L0'], direction: 'forward' });
  expect(gaps).toEqual([
    'schema-unknown receiving.material-lot.v1/1 offset 1 schema 2147483647',
    'skipped receiving.material-lot.v1/1 from 2 to 5',
    'undecodable receiving.material-lot.v1/1 offset 0',
    'undecodable receiving.material-lot.v1/1 offset 5',
  ]);
  expect(heard.sort()).toEqual(gaps);
  expect(lots).toHaveLength(2);
});

test('a thread that was stopped refuses questions instead of leaving them open', async () => {
  await graph.stop();
  await expect(graph.ask('limits', null)).rejects.toMatchObject({ code: 'graph-unavailable' });
  await expect(graph.feed([])).rejects.toMatchObject({ code: 'graph-unavailable' });
});
