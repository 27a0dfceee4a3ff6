import { expect, test } from '@jest/globals';
import { createHistory, graphOf } from '../../test/history.ts';
import { allGaps, gapNamed, gapsOf } from './completeness.ts';

test('of very many gaps the first are named, what is told by others before all, and how many more there are', () => {
  const { facts, tell } = createHistory();
  for (let n = 0; n < 300; n++) tell.operation(`op-${n}`, { in: [], out: [[`F${n}`, 1]] });
  const graph = graphOf(facts);
  const gaps = gapsOf(graph, ['owner-unheard qms']);
  expect(gaps).toHaveLength(201);
  expect(gaps).toContain('owner-unheard qms');
  expect(gaps.at(-1)).toBe('and 401 more: GET /watermarks/gaps names all');
  expect([...allGaps(graph, ['owner-unheard qms'])]).toHaveLength(601);
});

test.each([
  [
    'version-missing mes-bridge.operation.v1 op-1 version 3',
    'version-missing',
    'mes-bridge.operation.v1 op-1',
    'version 3',
  ],
  ['operation-input-missing OP-5: CAP-100: expected 10', 'operation-input-missing', 'OP-5', 'CAP-100: expected 10'],
  ['operation-without-inputs op-1', 'operation-without-inputs', 'op-1', ''],
  ['alias-ambiguous X-1: L1, L2', 'alias-ambiguous', 'X-1', 'L1, L2'],
  ['owner-parked mes-bridge mes.inbound.v1 (3)', 'owner-parked', 'mes-bridge mes.inbound.v1', '(3)'],
  ['unread warehouse.stock.v1/0 up to 17', 'unread', 'warehouse.stock.v1/0', 'up to 17'],
  ['undecodable warehouse.stock.v1/0 offset 17', 'undecodable', 'warehouse.stock.v1/0 offset 17', ''],
  ['owner-unheard qms', 'owner-unheard', 'qms', ''],
])('%s is about one thing, however large it is', (name, kind, subject, detail) => {
  expect(gapNamed(name)).toEqual({ kind, subject, detail });
});
