import { expect, test } from '@jest/globals';
import { serials } from '../../test/history.ts';
import { createWriter } from '../packed/bytes.ts';
import { sharedFields } from '../packed/fields.ts';
import type { Operation } from './model.ts';
import { createInterner } from './interner.ts';
import { markOf } from './marks.ts';
import { flagsOf, operationForm, PLAIN, readHead, VOIDED } from './operation-form.ts';

const form = operationForm(sharedFields(createInterner()));
const each = { value: '1', unit: 'EA' };

const operationWith = (ins: number, outs: number, more: Partial<Operation> = {}): Operation => ({
  index: 3,
  id: 'op-3',
  head: null,
  source: { id: 'op-3:1@x', topic: 'mes-bridge.operation.v1', occurredAt: '2026-11-01T08:00:00.000Z' },
  voided: false,
  missingInputs: ['CAP-100'],
  inputs: Array.from({ length: ins }, (_, lot) => ({ lot, quantity: each, serials: [], edge: 'material', certainty: 'possible', told: lot % 2 === 0 })), // prettier-ignore
  outputs: Array.from({ length: outs }, (_, lot) => ({ lot: 1_000_000 + lot, quantity: each, serials: [] })),
  scrap: [{ lot: 9, quantity: { value: '0.25', unit: 'KGM' }, serials: serials(1, 2) }],
  moves: [],
  ...more,
});

test('an operation comes back as it was, with few and with many lines; a walk reads its lots alone', () => {
  const boxed = operationWith(1, 1).inputs.map((line) => ({ ...line, edge: 'containment' as const }));
  const all = [[0, 0], [1, 1], [6, 6], [7, 1], [1, 7], [300, 200]].map(([ins = 0, outs = 0]) => operationWith(ins, outs)); // prettier-ignore
  for (const operation of [
    ...all,
    operationWith(2, 2, { voided: true }),
    operationWith(1, 1, { moves: [{ from: 1, to: 2, ranges: serials(5, 9) }] }),
    operationWith(1, 1, { inputs: boxed }),
  ]) {
    const out = createWriter();
    form.write(out, operation);
    const from = { bytes: out.bytes, at: 0, self: '' };
    expect(form.read(from, 3, 'op-3')).toEqual(operation);
    expect(from.at).toBe(out.size);
    const inputs: [number, number][] = [];
    const outputs: number[] = [];
    const flags = readHead({ ...from, at: 0 }, { input: (...one) => void inputs.push(one), output: (lot) => void outputs.push(lot) }); // prettier-ignore
    expect(flags).toBe(flagsOf(operation));
    expect(inputs).toEqual(operation.inputs.map(({ lot, edge, certainty }) => [lot, markOf(edge, certainty)]));
    expect(outputs).toEqual(operation.outputs.map(({ lot }) => lot));
  }
});

test('only whole lots that become whole other lots are plain', () => {
  const [line] = operationWith(1, 0).inputs;
  expect(flagsOf(operationWith(2, 2))).toBe(PLAIN);
  expect(flagsOf(operationWith(2, 2, { voided: true }))).toBe(PLAIN | VOIDED);
  for (const more of [
    { moves: [{ from: 1, to: 2, ranges: [] }] },
    { inputs: [{ ...line!, edge: 'exposure' as const }] },
    { inputs: [{ ...line!, serials: serials(1, 1) }] },
    { outputs: [{ lot: 0, quantity: each, serials: [] }] },
  ])
    expect(flagsOf(operationWith(1, 1, more))).toBe(0);
});
