import type { OperationInput, OperationOutput, Violation } from '@lotwarden/contracts/events';
import type { Circumstances, Operation, OperationEvent } from './operation.ts';

interface Whole {
  readonly operation: string;
  readonly circumstances: Circumstances;
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly scrap: readonly OperationOutput[];
}

/** What is wrong with the operation's material as it stands after the fact: computed by the caller, who knows items. */
export type Assess = (material: Pick<Operation, 'inputs' | 'outputs' | 'scrap'>) => readonly Violation[];

/**
 * Keeps a reported operation; a fact is never refused. What was reported of it before stays in it. Reported a second
 * time with other content, the first stands, the claim is kept whole, and lots that only the claim names are taken in
 * as possible: a consumption that may have happened must not be missing from a recall.
 */
export function recordOperation(known: Operation, whole: Whole, assess: Assess): OperationEvent[] {
  const { operation, circumstances, scrap } = whole;
  if (known.status === 'voided') return [flagged(whole, 'operation-voided', 'reported after its void')];
  if (known.status === 'recorded') return sameMaterial(known, whole) ? [] : contradiction(known, whole);
  const inputs = [...known.inputs, ...whole.inputs];
  const outputs = [...known.outputs, ...whole.outputs];
  const violations = [...assess({ inputs, outputs, scrap })];
  return [{ type: 'OperationRecorded', operation, ...circumstances, inputs, outputs, scrap, violations }];
}

/** A consumption reported by itself, perhaps long after: the operation's outputs are repeated, so that gates can hold them. */
export function addInput(
  known: Operation,
  { operation, input }: { operation: string; input: OperationInput },
  assess: Assess,
): OperationEvent[] {
  const violations = afterVoid(known, [...assess({ ...known, inputs: [...known.inputs, input] })]);
  return [{ type: 'OperationInputAdded', operation, input, outputs: known.outputs, violations }];
}

export function addOutput(
  known: Operation,
  { operation, output }: { operation: string; output: OperationOutput },
  assess: Assess,
): OperationEvent[] {
  const violations = afterVoid(known, [...assess({ ...known, outputs: [...known.outputs, output] })]);
  return [{ type: 'OperationOutputAdded', operation, output, violations }];
}

/** Takes back an operation recorded wrongly. Voided twice changes nothing; voided before it was heard of, it stays void. */
export function voidOperation(
  known: Operation,
  asked: { operation: string; reason: string; replacedBy: string | null },
): OperationEvent[] {
  return known.status === 'voided' ? [] : [{ type: 'OperationVoided', ...asked }];
}

const afterVoid = (known: Operation, violations: Violation[]): Violation[] =>
  known.status === 'voided' ? [{ code: 'operation-voided', lot: null, detail: 'reported after its void' }] : violations;

function contradiction(known: Operation, whole: Whole): OperationEvent[] {
  const { operation } = whole;
  const isNew =
    (flows: readonly { lot: string }[]) =>
    ({ lot }: { lot: string }) =>
      !flows.some((f) => f.lot === lot);
  const claim = flagged(whole, 'operation-recorded-twice', 'the first record stands; void and replace it');
  const outputs = whole.outputs.filter(isNew(known.outputs));
  return [
    claim,
    ...outputs.map((output) => ({ type: 'OperationOutputAdded' as const, operation, output, violations: [] })),
    ...whole.inputs.filter(isNew(known.inputs)).map((input) => ({
      type: 'OperationInputAdded' as const,
      operation,
      input: { ...input, certainty: 'possible' },
      outputs: [...known.outputs, ...outputs],
      violations: [],
    })),
  ];
}

const flagged = ({ operation, inputs, outputs, scrap }: Whole, code: string, detail: string): OperationEvent => ({
  type: 'OperationFlagged',
  operation,
  inputs,
  outputs,
  scrap,
  violations: [{ code, lot: null, detail }],
});

const sameMaterial = (known: Operation, whole: Whole): boolean => key(known) === key(whole);

const key = ({ inputs, outputs, scrap }: Pick<Operation, 'inputs' | 'outputs' | 'scrap'>): string =>
  JSON.stringify([inputs, outputs, scrap].map((flows) => flows.map((f) => [f.lot, f.quantity, f.serials])));
