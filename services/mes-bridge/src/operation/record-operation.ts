import type { OperationInput, OperationOutput, Violation } from '@lotwarden/contracts/events';
import { absurdAmounts } from './absurd.ts';
import { BALANCE_CODES } from './balance-operation.ts';
import { evolve, type Circumstances, type Operation, type OperationEvent } from './operation.ts';

interface Whole {
  readonly operation: string;
  readonly circumstances: Circumstances;
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly scrap: readonly OperationOutput[];
  /** What is strange about the report itself, whatever is known of its lots. */
  readonly strange?: readonly Violation[];
}

type Material = Pick<Operation, 'inputs' | 'outputs' | 'scrap'>;

/** Which rules a report broke; the caller knows lots and items (assess-operation.ts). */
export interface Assess {
  /** These may not have been used. */
  readonly inputs: (inputs: readonly OperationInput[]) => readonly Violation[];
  /** These are not what the report says they are. */
  readonly outputs: (outputs: readonly OperationOutput[]) => readonly Violation[];
  /** What went in is not what came out. Only of a whole operation. */
  readonly balance: (material: Material) => readonly Violation[];
  /** The lot that a placeholder turned out to be, or the lot itself. */
  readonly real: (lot: string) => string;
  /** False for what was only said because a lot, a product or an acceptance had not been heard of yet. */
  readonly lasts: (violation: Violation) => boolean;
  /** These may not have been used, as it turns out now that their lots are known. */
  readonly knownLate: (inputs: readonly OperationInput[]) => readonly Violation[];
}

/**
 * Keeps a reported operation; a fact is never refused. What was reported of it before stays in it. Reported a second
 * time with other content, the first stands, the claim is kept whole, and lots that only the claim names are taken in
 * as possible: a consumption that may have happened must not be missing from a recall.
 */
export function recordOperation(known: Operation, whole: Whole, assess: Assess): OperationEvent[] {
  const { operation, circumstances, scrap, strange = [] } = whole;
  if (known.status === 'voided') return [flagged(whole, 'operation-voided', 'reported after its void')];
  if (known.status === 'recorded') return sameMaterial(known, whole, assess) ? [] : contradiction(known, whole, assess);
  const inputs = [...known.inputs, ...whole.inputs];
  const outputs = [...known.outputs, ...whole.outputs];
  const violations = [
    ...strange,
    ...absurdAmounts([...inputs, ...outputs, ...scrap]),
    ...assess.inputs(inputs),
    ...assess.outputs([...outputs, ...scrap]),
    ...assess.balance({ inputs, outputs, scrap }),
  ];
  return [{ type: 'OperationRecorded', operation, ...circumstances, inputs, outputs, scrap, violations }];
}

/** A consumption reported by itself, perhaps long after: the operation's outputs are repeated, so that gates can hold them. */
export function addInput(
  known: Operation,
  { operation, input }: { operation: string; input: OperationInput },
  assess: Assess,
): OperationEvent[] {
  const balance = () => assess.balance({ ...known, inputs: [...known.inputs, input] });
  const violations = [...absurdAmounts([input]), ...assess.inputs([input]), ...standing(known, balance)];
  return [{ type: 'OperationInputAdded', operation, input, outputs: known.outputs, violations }];
}

/** An output reported by itself: the operation's inputs are repeated, so that gates can hold it like them. */
export function addOutput(
  known: Operation,
  { operation, output }: { operation: string; output: OperationOutput },
  assess: Assess,
): OperationEvent[] {
  const balance = () => assess.balance({ ...known, outputs: [...known.outputs, output] });
  const violations = [...absurdAmounts([output]), ...assess.outputs([output]), ...standing(known, balance)];
  return [{ type: 'OperationOutputAdded', operation, output, inputs: known.inputs, violations }];
}

/**
 * Judges an operation anew when lots or products became known that it was reported with: operations, lots and products
 * come by different ways, and what was only not heard of yet is no violation for ever. What was true when it happened
 * stays: material accepted afterwards was used before it was.
 */
export function reassessOperation(known: Operation, operation: string, assess: Assess): OperationEvent[] {
  if (known.status === 'unknown' || known.status === 'voided') return [];
  const { inputs, outputs, scrap } = known;
  const lasting = known.violations.filter((told) => !BALANCE_CODES.has(told.code) && assess.lasts(told));
  const resolved = new Set(
    known.violations.flatMap((told) => (told.code === 'lot-unknown' && !assess.lasts(told) ? [told.lot] : [])),
  );
  const late = assess.knownLate(inputs.filter(({ lot }) => resolved.has(lot)));
  const made = [...outputs, ...scrap].filter(({ lot }) => resolved.has(lot));
  const balance = known.status === 'recorded' ? assess.balance({ inputs, outputs, scrap }) : [];
  const violations = [...lasting, ...late, ...assess.outputs(made), ...balance];
  const same = JSON.stringify(sorted(violations)) === JSON.stringify(sorted(known.violations));
  return same ? [] : [{ type: 'OperationReassessed', operation, violations }];
}

const sorted = (violations: readonly Violation[]): string[] =>
  violations.map(({ code, lot, detail }) => JSON.stringify([code, lot, detail])).sort();

/** Takes back an operation recorded wrongly. Voided twice changes nothing; voided before it was heard of, it stays void. */
export function voidOperation(
  known: Operation,
  asked: { operation: string; reason: string; replacedBy: string | null },
): OperationEvent[] {
  return known.status === 'voided' ? [] : [{ type: 'OperationVoided', ...asked }];
}

/** Parts that came before the whole prove no balance yet. */
function standing({ status }: Operation, balance: () => readonly Violation[]): readonly Violation[] {
  if (status === 'voided') return [{ code: 'operation-voided', lot: null, detail: 'reported after its void' }];
  return status === 'recorded' ? balance() : [];
}

function contradiction(known: Operation, whole: Whole, assess: Assess): OperationEvent[] {
  const { operation } = whole;
  const events = [flagged(whole, 'operation-recorded-twice', 'the first record stands; void and replace it')];
  let state = known;
  const add = (more: OperationEvent[]): void => {
    events.push(...more);
    state = more.reduce(evolve, state);
  };
  for (const output of whole.outputs.filter(isNewTo(known.outputs, assess)))
    add(addOutput(state, { operation, output }, assess));
  for (const input of whole.inputs.filter(isNewTo(known.inputs, assess)))
    add(addInput(state, { operation, input: { ...input, certainty: 'possible' } }, assess));
  return events;
}

const isNewTo =
  (flows: readonly { readonly lot: string }[], { real }: Assess) =>
  ({ lot }: { readonly lot: string }) =>
    !flows.some((flow) => real(flow.lot) === real(lot));

const flagged = ({ operation, inputs, outputs, scrap }: Whole, code: string, detail: string): OperationEvent => ({
  type: 'OperationFlagged',
  operation,
  inputs,
  outputs,
  scrap,
  violations: [{ code, lot: null, detail }],
});

/** The source says the same again, perhaps after a name of then had found its lot. */
function sameMaterial(known: Operation, whole: Whole, { real }: Assess): boolean {
  const key = ({ inputs, outputs, scrap }: Material): string =>
    JSON.stringify([inputs, outputs, scrap].map((flows) => flows.map((f) => [real(f.lot), f.quantity, f.serials])));
  return key(known) === key(whole);
}
