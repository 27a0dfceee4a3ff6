import { expect, test } from '@jest/globals';
import type { BomLine, OperationInput, OperationOutput } from '@lotwarden/contracts/events';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import fc from 'fast-check';
import { absurdTimes } from './absurd.ts';
import { imbalances } from './balance-operation.ts';
import { evolve, operationId, UNKNOWN_OPERATION, type Circumstances, type OperationEvent } from './operation.ts';
import { addInput, recordOperation, voidOperation, type Assess } from './record-operation.ts';
import { inputViolations, stopReasons, type AskedInput } from './start-check.ts';

const ea = (value: number) => ({ value: String(value), unit: 'EA' });
const input = (lot: string, n: number): OperationInput => ({
  lot,
  quantity: ea(n),
  edge: 'material',
  certainty: 'scanned',
  serials: [],
});
const output = (lot: string, n: number): OperationOutput => ({ lot, quantity: ea(n), serials: [] });
const item = <Flow>(flow: Flow, of: string | null) => ({ ...flow, item: of });
const board: BomLine[] = [
  { item: 'CAP-100', quantityPer: '4', unit: 'EA', alternatives: [] },
  { item: 'PCB-200', quantityPer: '1', unit: 'EA', alternatives: [] },
];
const pump: BomLine[] = [{ item: 'BRD-10', quantityPer: '1', unit: 'EA', alternatives: [] }];
const bomOf = (of: string) => ({ 'BRD-10': board, 'IP-200': pump })[of];

const OP = operationId('MES-SZ', 'B1');
const circumstances: Circumstances = {
  sourceSystem: 'MES-SZ',
  sourceOperation: 'B1',
  kind: 'make',
  workOrder: 'WO-1',
  site: 'SZ1',
  equipment: 'SMT-1',
  operator: 'wang',
  parameters: [],
  tools: [],
  gauges: [],
  softwareVersion: null,
  labelVersion: null,
  load: null,
  startedAt: '2026-11-02T01:00:00.000Z',
  endedAt: '2026-11-02T02:00:00.000Z',
};
const whole = (inputs = [input('CAP', 400), input('PCB', 100)]) => ({
  operation: OP,
  circumstances,
  inputs,
  outputs: [output('B1', 100)],
  scrap: [],
});
const nothing: Assess = {
  inputs: () => [],
  outputs: () => [],
  balance: () => [],
  real: (lot) => (lot === 'X-1' ? 'CAP' : lot),
  lasts: () => true,
  knownLate: () => [],
};
const given = (...history: OperationEvent[]) => givenEvents(UNKNOWN_OPERATION, evolve, history);
const recorded = recordOperation(UNKNOWN_OPERATION, whole(), nothing);

test('what goes out new needs its bill of material to have gone in', () => {
  const inputs = [item(input('CAP', 400), 'CAP-100'), item(input('PCB', 100), 'PCB-200')];
  const outputs = [item(output('B1', 99), 'BRD-10')];
  const scrap = [item(output('B1', 1), 'BRD-10')];
  expect(imbalances({ inputs, outputs, scrap }, bomOf)).toEqual([]);
  expect(imbalances({ inputs: inputs.slice(1), outputs, scrap }, bomOf)).toMatchObject([
    { code: 'operation-input-missing', detail: 'CAP-100: expected 400, seen none' },
  ]);
  expect(imbalances({ inputs, outputs, scrap: [] }, bomOf)).toHaveLength(2);
});

test('rework balances by itself whatever was replaced', () => {
  const rework = {
    inputs: [item(input('F1', 20), 'IP-200'), item(input('B4', 20), 'BRD-10')],
    outputs: [item(output('F4', 20), 'IP-200')],
    scrap: [item(output('B1', 20), 'BRD-10')],
  };
  expect(imbalances(rework, bomOf)).toEqual([]);
  expect(imbalances({ ...rework, outputs: [item(output('F4', 19), 'IP-200')] }, bomOf)).toMatchObject([
    { code: 'operation-unbalanced' },
  ]);
});

test('what is taken apart gives back, or scraps, what its bill of material says is in it', () => {
  const apart = {
    kind: 'unbuild',
    inputs: [item(input('F1', 2), 'IP-200')],
    outputs: [item(output('B1', 1), 'BRD-10')],
    scrap: [item(output('B1', 1), 'BRD-10')],
  };
  expect(imbalances(apart, bomOf)).toEqual([]);
  expect(imbalances({ ...apart, scrap: [] }, bomOf)).toEqual([
    { code: 'operation-unbalanced', lot: null, detail: 'BRD-10: expected 2 to come out, seen 1' },
  ]);
  const strange = { ...apart, outputs: [...apart.outputs, item(output('CAP', 3), 'CAP-100')] };
  expect(imbalances(strange, bomOf)).toMatchObject([{ detail: 'CAP-100: expected 0 to come out, seen 3' }]);
  const half = { ...apart, outputs: [item(output('F1', 1), 'IP-200'), item(output('B1', 1), 'BRD-10')], scrap: [] };
  expect(imbalances(half, bomOf)).toEqual([]);
});

test.each(['relabel', 'field-relabel'])(
  '%s: as many units come out as went in, whatever they are called now',
  (kind) => {
    const pumps = (of: string) => ({ 'IP-200': pump, 'IP-200-N': pump })[of];
    const relabelled = (n: number) =>
      imbalances(
        {
          kind,
          inputs: [item(input('F1', 3), 'IP-200'), item(input('LABELS', 3), 'LABEL-7')],
          outputs: [item(output('F1-N', n), 'IP-200-N')],
          scrap: [],
        },
        pumps,
      );
    expect(relabelled(3)).toEqual([]);
    expect(relabelled(2)).toEqual([
      { code: 'operation-unbalanced', lot: null, detail: 'expected 3 units to come out, seen 2' },
    ]);
  },
);

test('an approved alternative takes the place of an item; any other is a finding, and so is what is missing then', () => {
  const bill = [{ item: 'CAP-100', quantityPer: '4', unit: 'EA', alternatives: ['CAP-200'] }];
  const made = (...caps: readonly (readonly [string, number])[]) =>
    imbalances(
      {
        inputs: caps.map(([of, n]) => item(input(of, n), of)),
        outputs: [item(output('B1', 100), 'BRD-10')],
        scrap: [],
      },
      (of) => (of === 'BRD-10' ? bill : undefined),
    ).map(({ code, detail }) => `${code} ${detail}`);
  expect(made(['CAP-200', 400])).toEqual([]);
  expect(made(['CAP-100', 300], ['CAP-200', 100])).toEqual([]);
  expect(made(['CAP-100', 300], ['CAP-200', 101])).toEqual(['operation-unbalanced CAP-200: expected 0, seen 1']);
  expect(made(['CAP-300', 400])).toEqual([
    'operation-input-missing CAP-100: expected 400, seen none',
    'operation-unbalanced CAP-300: expected 0, seen 400',
  ]);
});

test.each([
  ['1970-01-01T00:00:00.000Z', '1970-01-01T02:00:00.000Z', 'started 1970-01-01T00:00:00.000Z'],
  [
    '2026-11-02T02:00:00.000Z',
    '2999-01-01T00:00:00.000Z',
    'ended 2999-01-01T00:00:00.000Z, told 2026-11-02T03:00:00.000Z',
  ],
  [
    '2026-11-02T02:00:00.000Z',
    '2026-11-02T01:00:00.000Z',
    'ended 2026-11-02T01:00:00.000Z, before it started 2026-11-02T02:00:00.000Z',
  ],
])('an absurd time, %s to %s, is kept and said', (startedAt, endedAt, detail) => {
  const strange = absurdTimes({ startedAt, endedAt }, '2026-11-02T03:00:00.000Z');
  expect(strange).toEqual([{ code: 'operation-time-absurd', lot: null, detail }]);
  const told = { ...whole(), circumstances: { ...circumstances, startedAt, endedAt }, strange };
  const kept = recordOperation(UNKNOWN_OPERATION, told, nothing).reduce(evolve, UNKNOWN_OPERATION);
  expect(kept).toMatchObject({ status: 'recorded', circumstances: { startedAt, endedAt }, violations: strange });
});

test('amounts of nothing, or less, are kept and said, also in what comes late', () => {
  const finding = (lot: string, n: number) => ({ code: 'quantity-not-positive', lot, detail: `${String(n)} EA` });
  const [event] = recordOperation(UNKNOWN_OPERATION, whole([input('CAP', -5), input('PCB', 100)]), nothing);
  expect(event).toMatchObject({ inputs: [{ quantity: ea(-5) }, {}], violations: [finding('CAP', -5)] });
  const [late] = addInput(UNKNOWN_OPERATION, { operation: OP, input: input('CAP', 0) }, nothing);
  expect(late).toMatchObject({ violations: [finding('CAP', 0)] });
});

test('a split conserves for any quantities, and one lost unit is a finding', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }), (a, b) => {
      const inputs = [item(input('F2', a + b), 'IP-200')];
      const outputs = [item(output('F2', a), 'IP-200'), item(output('F2b', b), 'IP-200')];
      expect(imbalances({ inputs, outputs, scrap: [] }, bomOf)).toEqual([]);
      const short = [item(output('F2', a), 'IP-200'), item(output('F2b', b - 1), 'IP-200')];
      expect(imbalances({ inputs, outputs: short, scrap: [] }, bomOf)).toHaveLength(1);
    }),
  );
});

test('scrapping alone balances', () => {
  expect(
    imbalances(
      { inputs: [item(input('B6', 5), 'BRD-10')], outputs: [], scrap: [item(output('B6', 5), 'BRD-10')] },
      bomOf,
    ),
  ).toEqual([]);
});

test('the same report again changes nothing; another one keeps its claim and what it newly names', () => {
  given(...recorded)
    .when((o) => recordOperation(o, whole(), nothing))
    .then([]);
  given(...recordOperation(UNKNOWN_OPERATION, whole([input('X-1', 400), input('PCB', 100)]), nothing))
    .when((o) => recordOperation(o, whole(), nothing))
    .then([]);
  given(...recorded)
    .when((o) => recordOperation(o, whole([input('CAP', 400), input('OTHER', 100)]), nothing))
    .thenLike([
      {
        type: 'OperationFlagged',
        violations: [{ code: 'operation-recorded-twice' }],
        inputs: [{ lot: 'CAP' }, { lot: 'OTHER' }],
      },
      { type: 'OperationInputAdded', input: { lot: 'OTHER', certainty: 'possible' }, outputs: [{ lot: 'B1' }] },
    ]);
});

test('a consumption reported before its operation is in it; one reported after brings the outputs along', () => {
  const early = addInput(UNKNOWN_OPERATION, { operation: OP, input: input('CAP', 400) }, nothing);
  given(...early)
    .when((o) => recordOperation(o, whole([input('PCB', 100)]), nothing))
    .thenLike([{ type: 'OperationRecorded', inputs: [{ lot: 'CAP' }, { lot: 'PCB' }] }]);
  given(...recorded)
    .when((o) => addInput(o, { operation: OP, input: input('LATE', 1) }, nothing))
    .thenLike([{ type: 'OperationInputAdded', input: { lot: 'LATE' }, outputs: [{ lot: 'B1' }] }]);
});

test('a void takes an operation out, once; what is reported of it later is kept and flagged', () => {
  const asked = { operation: OP, reason: 'wrong lot scanned', replacedBy: null };
  given(...recorded)
    .when((o) => voidOperation(o, asked))
    .thenLike([{ type: 'OperationVoided' }]);
  const voided = [...recorded, ...voidOperation(recorded.reduce(evolve, UNKNOWN_OPERATION), asked)];
  given(...voided)
    .when((o) => voidOperation(o, asked))
    .then([]);
  given(...voided)
    .when((o) => recordOperation(o, whole(), nothing))
    .thenLike([{ type: 'OperationFlagged', violations: [{ code: 'operation-voided' }] }]);
  given()
    .when((o) => voidOperation(o, asked))
    .thenLike([{ type: 'OperationVoided' }]);
});

test('the line starts only on accepted, free, known material of the bill', () => {
  const good: AskedInput[] = [
    { lot: 'CAP', status: 'accepted', item: 'CAP-100', heldBy: [] },
    { lot: 'PCB', status: 'accepted', item: 'PCB-200', heldBy: [] },
  ];
  const [cap, pcb] = good as [AskedInput, AskedInput];
  const codes = (inputs: AskedInput[], bom: readonly BomLine[] = board) => stopReasons(inputs, bom).map((r) => r.code);
  expect(codes(good)).toEqual([]);
  expect(codes([{ ...cap, status: 'pending' }, pcb])).toEqual(['material-not-accepted']);
  expect(codes([{ ...cap, status: 'unknown' }, pcb])).toEqual(['lot-unknown']);
  expect(codes([{ ...cap, heldBy: ['H-RC-2026-1'] }, pcb])).toEqual(['lot-on-hold']);
  expect(codes([cap])).toEqual(['component-missing']);
  expect(codes([cap, pcb, { ...pcb, item: 'HSG-300' }])).toEqual(['item-not-in-bom']);
  const approved = board.map((line) => ({ ...line, alternatives: line.item === 'CAP-100' ? ['CAP-200'] : [] }));
  expect(codes([{ ...cap, item: 'CAP-200' }, pcb], approved)).toEqual([]);
  expect(codes([{ ...cap, item: 'CAP-200' }, pcb])).toEqual(['item-not-in-bom', 'component-missing']);
  expect(stopReasons(good, undefined).map((r) => r.code)).toEqual(['product-unknown']);
  expect(inputViolations([{ ...cap, status: 'rejected', heldBy: ['H'] }]).map((r) => r.code)).toEqual([
    'material-not-accepted',
    'lot-on-hold',
  ]);
});
