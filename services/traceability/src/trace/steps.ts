import { contains, subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Operation } from '../genealogy/model.ts';
import { members, operationAt } from '../genealogy/nodes.ts';
import { entering, isNone, leaving, type Lookups, type Units } from './carry-serials.ts';
import { markOf } from '../genealogy/marks.ts';
import { bringsInto, everIn, inputsOf, outputsOf, producersOf, type Link, type Output } from './links.ts';
import { createTakenOut } from './taken-out.ts';
import { PROPAGATION, type Direction } from './propagation.ts';
import { lookIn, type SerialLookup } from './serial-lookup.ts';

/** What went in, and which of its units are not in what was made any more. */
interface Input extends Link {
  readonly takenOut: readonly SerialRange[];
}

/** An operation with its placeholders resolved, as it is needed to go through it from any of its lots. */
interface Resolved {
  readonly operation: Operation;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** Every unit that is known to have come out. */
  readonly cameOut: () => readonly SerialRange[];
}

/** What one lot affects through one operation. */
export interface Step {
  readonly lot: number;
  readonly units: Units;
  readonly mark: number;
  /** What it reached passes on what it got this way; what is only boxed does not. */
  readonly goesOn: boolean;
}

export interface From {
  readonly lot: number;
  readonly units: Units;
  readonly isRoot: boolean;
}

/** Goes through single operations; remembers for one question what they resolve to. */
export interface Stepper {
  readonly through: (operation: number, from: From, to?: number) => readonly Step[];
  /** Lots that went in (forward) or came out (back), after placeholders are resolved: from these it can be gone through. */
  readonly sidesOf: (operation: number) => readonly number[];
  /** Lots that came out and had not gone in: to what is given back nothing was added. */
  readonly madeBy: (operation: number) => readonly number[];
  /** Did it become part of what was made? A box or a load does not. */
  readonly usesUp: (operation: number, lot: number) => boolean;
  /** Is all that ever came into the lot among what these operations gave it? */
  readonly isWhollyAffected: (lot: number, given: ReadonlyMap<number, Units>) => boolean;
}

/** Beyond so many the memory is worth more than the time. */
const REMEMBERED = 20_000;

/** @param look how an operation is seen: as it is, or as it would be with evidence that is still missing */
export function createStepper(
  graph: Genealogy,
  direction: Direction,
  look = (index: number): Operation => operationAt(graph, index),
): Stepper {
  const known = new Map<number, Resolved>();
  const takenOut = createTakenOut(graph, look);
  const ever = new Map<number, readonly SerialRange[]>();
  const everInLot = (lot: number): readonly SerialRange[] => remember(ever, lot, () => everIn(graph, lot));
  const lookups = new WeakMap<readonly SerialRange[], SerialLookup>();
  const among: Lookups = (many) => {
    const before = lookups.get(many);
    if (before) return before;
    const made = lookIn(many);
    lookups.set(many, made);
    return made;
  };
  const resolve = (index: number): Resolved =>
    remember(known, index, () => {
      const operation = look(index);
      const outputs = outputsOf(graph, operation);
      const made = () => outputs.flatMap(({ serials }) => [...serials]);
      const inputs = inputsOf(graph, operation).map((input) => ({ ...input, takenOut: takenOut.of(input, made) }));
      let all: readonly SerialRange[] | undefined;
      const cameOut = () =>
        (all ??= union(
          [...outputs, ...operation.scrap].flatMap(({ serials }) => [...serials]),
          [],
        ));
      return { operation, inputs, outputs, cameOut };
    });
  const isWhole = (lot: number, operation: number, given: Units = []): boolean => {
    const output = resolve(operation).outputs.find((one) => one.lot === lot);
    return given === 'all' || (output?.allKnown === true && contains(given, output.serials));
  };
  return {
    through: (operation, from, to) =>
      direction === 'forward'
        ? forward(resolve(operation), from, to, everInLot, among)
        : backward(resolve(operation), from, to, among),
    sidesOf: (operation) => {
      const { inputs, outputs } = resolve(operation);
      return [...new Set((direction === 'forward' ? inputs : outputs).map(({ lot }) => lot))];
    },
    madeBy: (operation) => {
      const { inputs, outputs } = resolve(operation);
      const taken = new Set(inputs.map(({ lot }) => lot));
      return outputs.map(({ lot }) => lot).filter((lot) => !taken.has(lot));
    },
    usesUp: (operation, lot) =>
      resolve(operation).inputs.some(
        (input) => input.lot === lot && (input.edge === 'material' || input.edge === 'installed'),
      ),
    isWhollyAffected: (lot, given) =>
      !isReceived(graph, lot) &&
      producersOf(graph, lot).every(
        (one) => !bringsInto(graph, look(one.index), lot) || isWhole(lot, one.index, given.get(one.index)),
      ),
  };
}

function remember<T>(known: Map<number, T>, key: number, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= REMEMBERED) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}

/** What stays in its lot is what it was: an operation that gives back to the lot it took from leads nowhere. */
function forward(
  { inputs, outputs, cameOut }: Resolved,
  from: From,
  to: number | undefined,
  everInLot: (lot: number) => readonly SerialRange[],
  among: Lookups,
): Step[] {
  const steps: Step[] = [];
  for (const input of inputs) {
    if (input.lot !== from.lot) continue;
    const rule = PROPAGATION.forward[input.edge];
    if (!(from.isRoot ? rule.fromRoot : rule.fromAffected)) continue;
    const entered = stillIn(entering(from.units, input, among), input);
    if (isNone(entered)) continue;
    const known = () => (input.allKnown ? input.serials : everInLot(from.lot));
    const allKept = input.allKnown && contains(cameOut(), input.serials);
    const mark = markOf(input.edge, input.certainty);
    for (const output of outputs) {
      if (output.lot === from.lot || (to !== undefined && output.lot !== to)) continue;
      const units = leaving(entered, known, output, allKept, among);
      if (!isNone(units)) steps.push({ lot: output.lot, units, mark, goesOn: rule.goesOn });
    }
  }
  return steps;
}

/** Back, lots are named whole unless the operation says which of their units it took. */
function backward({ inputs, outputs }: Resolved, from: From, to: number | undefined, among: Lookups): Step[] {
  const output = outputs.find(({ lot }) => lot === from.lot);
  if (output && isNone(entering(from.units, output, among))) return [];
  return inputs.flatMap((input) => {
    const rule = PROPAGATION.backward[input.edge];
    if (input.lot === from.lot || (to !== undefined && input.lot !== to)) return [];
    if (!(from.isRoot ? rule.fromRoot : rule.fromAffected)) return [];
    const mark = markOf(input.edge, input.certainty);
    const units = stillIn(input.allKnown ? input.serials : 'all', input);
    return isNone(units) ? [] : [{ lot: input.lot, units, mark, goesOn: rule.goesOn }];
  });
}

/** Without what was taken out again. */
const stillIn = (units: Units, { serials, takenOut }: Input): Units =>
  takenOut.length === 0 ? units : subtract(units === 'all' ? serials : units, takenOut);

const isReceived = (graph: Genealogy, lot: number): boolean =>
  members(graph, lot).some(({ goods }) => goods.some(({ book }) => book === 'received'));

/** The less sure of two, as places in CERTAINTIES. */
export const lessSure = (a: number, b: number): number => (a > b ? a : b);
