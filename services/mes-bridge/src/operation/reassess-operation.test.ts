import { expect, test } from '@jest/globals';
import type { BomLine, OperationInput, OperationOutput } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import fc from 'fast-check';
import { assess, type Knowledge, type LotFacts } from './assess-operation.ts';
import { evolve, UNKNOWN_OPERATION, type Circumstances, type Operation } from './operation.ts';
import { reassessOperation, recordOperation } from './record-operation.ts';

const BEGAN = '2026-11-02T01:00:00.000Z';
const circumstances: Circumstances = {
  sourceSystem: 'MES-SZ',
  sourceOperation: 'B1',
  kind: 'make',
  workOrder: null,
  site: 'SZ1',
  equipment: null,
  operator: null,
  parameters: [],
  tools: [],
  gauges: [],
  softwareVersion: null,
  labelVersion: null,
  load: null,
  startedAt: BEGAN,
  endedAt: '2026-11-02T02:00:00.000Z',
};
const ea = (value: number) => ({ value: String(value), unit: 'EA' });
const into = (lot: string, n: number): OperationInput => ({
  lot,
  quantity: ea(n),
  edge: 'material',
  certainty: 'scanned',
  serials: [],
});
const out = (lot: string, n: number): OperationOutput => ({ lot, quantity: ea(n), serials: [] });
const boms: Record<string, BomLine[]> = {
  BRD: [
    { item: 'CAP', quantityPer: '4', unit: 'EA', alternatives: [] },
    { item: 'PCB', quantityPer: '1', unit: 'EA', alternatives: [] },
  ],
  PUMP: [{ item: 'BRD', quantityPer: '1', unit: 'EA', alternatives: [] }],
};

/** What is known, as messages come in: none of them knows what comes after it. */
interface World {
  readonly lots: Readonly<Record<string, Pick<LotFacts, 'status' | 'item' | 'acceptedAt'>>>;
  readonly operations: Readonly<Record<string, Operation>>;
}
const EMPTY: World = { lots: {}, operations: {} };
type Message = (world: World) => World;

const knowledge = ({ lots }: World, held: LotFacts['heldBy'] = () => []): Knowledge => ({
  real: (lot) => lot,
  lot: (lot) => ({
    status: 'unknown',
    item: null,
    acceptedAt: null,
    ...lots[lot],
    heldBy: held,
    heldUnknown: () => [],
  }),
  unitOf: () => 'EA',
  bomOf: (item) => boms[item],
  isProduct: (item) => item in boms,
});
const rulesOf = (world: World, held?: LotFacts['heldBy']) =>
  assess(knowledge(world, held), { kind: null, began: BEGAN, moment: circumstances.endedAt, named: new Map() });

/** Whatever became known, all operations are judged anew: the service finds those it matters to. */
const reassessed: Message = (world) => {
  const anew = Object.entries(world.operations).map(([id, known]) => [
    id,
    reassessOperation(known, id, rulesOf(world)).reduce(evolve, known),
  ]);
  return { ...world, operations: Object.fromEntries(anew) as World['operations'] };
};
const know =
  (lot: string, item: string, status: LotFacts['status'], acceptedAt: string | null = null): Message =>
  ({ lots, operations }) =>
    reassessed({ lots: { ...lots, [lot]: { status, item, acceptedAt } }, operations });
const report =
  (operation: string, flows: Partial<Pick<Operation, 'inputs' | 'outputs' | 'scrap'>>, products: [string, string][]) =>
  (before: World): World => {
    const world = products.reduce((w, [lot, product]) => know(lot, product, 'made')(w), before);
    const known = world.operations[operation] ?? UNKNOWN_OPERATION;
    const whole = { operation, circumstances, inputs: [], outputs: [], scrap: [], ...flows };
    const now = recordOperation(known, whole, rulesOf(world)).reduce(evolve, known);
    return { ...world, operations: { ...world.operations, [operation]: now } };
  };

const B1 = report(
  'B1',
  { inputs: [into('C1', 400), into('C2', 100)], outputs: [out('B1', 99)], scrap: [out('B1', 1)] },
  [['B1', 'BRD']],
);
const P1 = report('P1', { inputs: [into('B1', 60)], outputs: [out('F1', 60)] }, [['F1', 'PUMP']]);
const R1 = report(
  'R1',
  { inputs: [into('F1', 20), into('B1', 20)], outputs: [out('F4', 20)], scrap: [out('B1', 20)] },
  [
    ['F4', 'PUMP'],
    ['B1', 'BRD'],
  ],
);
const S1 = report('S1', { inputs: [into('F1', 40)], outputs: [out('F1', 30), out('F1b', 10)] }, [
  ['F1', 'PUMP'],
  ['F1b', 'PUMP'],
]);
const X1 = report('X1', { inputs: [into('B1', 5)], scrap: [out('B1', 5)] }, [['B1', 'BRD']]);
const received = know('C1', 'CAP', 'pending');
const accepted = know('C1', 'CAP', 'accepted', '2026-11-01T09:00:00.000Z');
const board = know('C2', 'PCB', 'accepted', '2026-11-01T09:00:00.000Z');

const after = (...messages: Message[]): World => messages.reduce((world, message) => message(world), EMPTY);
const codes = ({ operations }: World): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(operations).map(([id, { violations }]) => [id, violations.map(({ code }) => code).sort()]),
  );
/** Lots of one owner are heard in their order; operations have ways of their own. */
const inOrder = (messages: readonly Message[]): boolean => messages.indexOf(received) < messages.indexOf(accepted);

test('in whatever order operations and lots are heard of, what is wrong in the end is the same', () => {
  const all = [received, accepted, board, B1, P1, R1, S1, X1];
  const expected = codes(after(...all));
  expect(expected).toEqual({ B1: [], P1: [], R1: [], S1: [], X1: [] });
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }).filter(inOrder), (order) => {
      expect(codes(after(...order))).toEqual(expected);
    }),
  );
});

test('what is truly wrong is found in every order', () => {
  const short = report('P1', { inputs: [into('B1', 59)], outputs: [out('F1', 60)] }, [['F1', 'PUMP']]);
  const rejected = know('C1', 'CAP', 'rejected');
  const expected = { B1: ['material-not-accepted'], P1: ['operation-unbalanced'] };
  fc.assert(
    fc.property(fc.shuffledSubarray([rejected, board, B1, short], { minLength: 4, maxLength: 4 }), (order) => {
      expect(codes(after(...order))).toEqual(expected);
    }),
  );
});

test('material accepted after it was used was used before it was accepted', () => {
  const tooLate = know('C1', 'CAP', 'accepted', '2026-11-03T00:00:00.000Z');
  expect(codes(after(board, received, B1, tooLate))).toEqual({ B1: ['material-not-accepted'] });
  expect(codes(after(board, received, B1, accepted))).toEqual({ B1: [] });
});

test('a lot that becomes known and is held was used while held; known lots get no holds told that came after', () => {
  const { operations } = after(board, B1);
  const given = (held: LotFacts['heldBy'], of: string) =>
    reassessOperation(operations['B1'] ?? UNKNOWN_OPERATION, 'B1', rulesOf(after(board, received, accepted, B1), held))
      .flatMap((event) => (event.type === 'OperationReassessed' ? event.violations : []))
      .filter(({ lot }) => lot === of);
  expect(given(() => ['H-1'], 'C1')).toEqual([{ code: 'lot-on-hold', lot: 'C1', detail: 'H-1' }]);
  expect(given(() => ['H-1'], 'C2')).toEqual([]);
});

test('a voided operation, one that nobody has told of and one where nothing changes are left as they are', () => {
  const rules = rulesOf(after(board, received, accepted, B1));
  givenEvents(UNKNOWN_OPERATION, evolve, [])
    .when((known) => reassessOperation(known, 'B1', rules))
    .then([]);
  givenEvents(UNKNOWN_OPERATION, evolve, [
    { type: 'OperationVoided', operation: 'B1', reason: 'wrong lot scanned', replacedBy: null },
  ])
    .when((known) => reassessOperation(known, 'B1', rules))
    .then([]);
  const { operations } = after(board, received, accepted, B1);
  expect(reassessOperation(operations['B1'] ?? UNKNOWN_OPERATION, 'B1', rules)).toEqual([]);
});
