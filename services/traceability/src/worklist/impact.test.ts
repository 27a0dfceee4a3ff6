import { expect, test } from '@jest/globals';
import { createHistory, graphOf } from '../../test/history.ts';
import { atOnce } from '../trace/trace.ts';
import { impactOf } from './impact.ts';

const { facts, tell } = createHistory();
tell.operation('op-1', { in: [], out: [['F1', 1]] });
tell.operation('op-2', { in: [['F1', 1]], out: [['F2', 1]] });
const graph = graphOf(facts);
const of = (kind: string, subject: string) => atOnce(impactOf(graph, { id: 'G', kind, subject, detail: '' }));

test('what is missing of an operation or lot touches all that came of it', () => {
  expect(of('operation-without-inputs', 'op-1')).toEqual({ gap: 'G', lots: 2, some: ['F1', 'F2'] });
  expect(of('lot-undeclared', 'F2')).toEqual({ gap: 'G', lots: 1, some: ['F2'] });
  expect(of('version-missing', 'mes-bridge.operation.v1 op-2')).toMatchObject({ lots: 1 });
});

test('what is parked, unread or unknown may touch any lot', () => {
  expect(of('owner-parked', 'mes-bridge mes.inbound.v1')).toEqual({ gap: 'G', lots: null, some: [] });
  expect(of('version-missing', 'warehouse.shipment.v1 S-1')).toMatchObject({ lots: null });
});
