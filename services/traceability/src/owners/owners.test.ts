import { expect, test } from '@jest/globals';
import { topics } from '@lotwarden/contracts/topics';
import { FACT_TOPICS } from '../genealogy/facts.ts';
import { gapsAt, nameOfGap, OWNERS, WATCHED_TOPICS } from './owners.ts';

test('everybody who publishes what the graph is made of is asked, and about every way a report comes in', () => {
  // What this service captures in EPCIS it publishes itself; it looks into its own database: own-gaps.store.ts.
  const publishers = new Set(FACT_TOPICS.map((topic): string => topics[topic].owner));
  expect([...OWNERS, 'traceability'].sort()).toEqual([...publishers].sort());
  const inbound = Object.entries(topics).filter(([, { kind }]) => kind === 'inbound');
  expect([...WATCHED_TOPICS].sort()).toEqual([...inbound.map(([topic]) => topic), ...FACT_TOPICS].sort());
});

test('what is missing is named with its owner, its topic and how much it is', () => {
  const group = 'mes-bridge.operation';
  const missing = {
    unread: [
      { group, topic: 'mes.inbound.v1', count: 2 },
      { group: 'mes-bridge.other', topic: 'mes.inbound.v1', count: 1 },
    ],
    parked: [{ group, topic: 'mes.inbound.v1', count: 4 }],
    unpublished: [{ topic: 'mes-bridge.operation.v1', count: 5 }],
  };
  expect(gapsAt('mes-bridge', missing)).toEqual([
    'owner-unread mes-bridge mes.inbound.v1 (3)',
    'owner-parked mes-bridge mes.inbound.v1 (4)',
    'owner-unpublished mes-bridge mes-bridge.operation.v1 (5)',
  ]);
  expect(gapsAt('mes-bridge', { unread: [], parked: [], unpublished: [] })).toEqual([]);
});

test('how large a gap is makes no other gap of it', () => {
  expect(nameOfGap('owner-unread mes-bridge mes.inbound.v1 (3)')).toBe('owner-unread mes-bridge mes.inbound.v1');
  expect(nameOfGap('unread wms.inbound.v1/3 up to 17')).toBe('unread wms.inbound.v1/3');
  expect(nameOfGap('lot-undeclared M-SZ1-261101-00001')).toBe('lot-undeclared M-SZ1-261101-00001');
});
