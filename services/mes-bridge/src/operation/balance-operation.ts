import Big from 'big.js';
import type { BomLine, Violation } from '@lotwarden/contracts/events';

/** Some of an item, a part or a product, in its unit; null where the lot is not known yet: then it counts nowhere. */
export interface Counted {
  readonly item: string | null;
  readonly quantity: { readonly value: string };
}

interface Material {
  /** As the source calls it; what is taken apart is balanced the other way round. */
  readonly kind?: string | null;
  /** Of edges only material and what is installed is counted: exposure uses nothing up. */
  readonly inputs: readonly (Counted & { readonly edge: string })[];
  readonly outputs: readonly Counted[];
  readonly scrap: readonly Counted[];
}

/** Codes of a balance: each report of an operation draws it anew. */
export const BALANCE_CODES: ReadonlySet<string> = new Set([
  'operation-unbalanced',
  'operation-input-missing',
  'unit-not-convertible',
]);

/** Which bill of material an item is made by; undefined where it is not made here or not known. */
export type BomOf = (item: string) => readonly BomLine[] | undefined;

/**
 * Quantity is conserved: per item, in = out + scrap; what comes out new needs its bill of material to have gone in.
 * Every difference is a finding with item, expected and seen; none is corrected silently.
 *
 * An item that both goes in and comes out (rework, split, merge) must balance by itself, and what else goes in then
 * replaces something: any amount of it is right, and components taken out again need not have come in as themselves.
 * Otherwise units are made: those scrapped in the making consumed material like the good ones, and a component that is
 * scrapped went in beyond the bill of material. An item that the bill names as an alternative counts for the one whose
 * place it took. What is relabelled comes out in as many units. What is taken apart (`unbuild`) gives back or scraps what its bill of material says is in it.
 */
export function imbalances({ kind = null, inputs, outputs, scrap }: Material, bomOf: BomOf): Violation[] {
  const into = totals(inputs.filter(({ edge }) => edge === 'material' || edge === 'installed'));
  const out = totals(outputs);
  const scrapped = totals(scrap);
  if (RELABELLING.has(kind ?? '')) return unitsLost(into, out, scrapped, bomOf);
  if (kind === UNBUILD) return partsLost(into, out, scrapped, bomOf);
  // Scrapped from the shelf: nothing was put in to make it.
  if (into.size === 0 && out.size === 0) return [];
  const expected = new Map<string, Big>();
  const transforms = [...out.keys()].some((item) => into.has(item));
  const appearing = transforms ? out.keys() : new Set([...out.keys(), ...scrapped.keys()]);
  for (const item of [...appearing].filter((made) => !into.has(made))) {
    const made = at(out, item).plus(at(scrapped, item));
    for (const line of bomOf(item) ?? []) {
      const needed = made.times(line.quantityPer);
      increase(expected, line.item, needed.minus(stoodIn(into, line, needed)));
    }
  }
  for (const [item, seen] of into) {
    const replaces = transforms && !out.has(item);
    if (!replaces) increase(expected, item, at(out, item).plus(at(scrapped, item)));
    else if (seen.gt(at(expected, item))) expected.set(item, seen);
  }
  const items = new Set([...expected.keys(), ...into.keys()]);
  return [...items].flatMap((item) => imbalance(item, at(expected, item), into.get(item)));
}

/** Units get another identifier, and may be another product by it: as many come out, or are scrapped, as went in. */
const RELABELLING: ReadonlySet<string> = new Set(['relabel', 'field-relabel']);

/** Labels and other material beside the units is not counted. */
function unitsLost(
  into: ReadonlyMap<string, Big>,
  out: ReadonlyMap<string, Big>,
  scrapped: ReadonlyMap<string, Big>,
  bomOf: BomOf,
): Violation[] {
  const units = (amounts: ReadonlyMap<string, Big>): Big =>
    [...amounts].reduce((all, [item, amount]) => (bomOf(item) ? all.plus(amount) : all), new Big(0));
  const [seen, expected] = [units(out).plus(units(scrapped)), units(into)];
  const detail = `expected ${expected.toFixed()} units to come out, seen ${seen.toFixed()}`;
  return seen.eq(expected) ? [] : [{ code: 'operation-unbalanced', lot: null, detail }];
}

/** Kind of an operation that takes units apart. */
export const UNBUILD = 'unbuild';

/** Takes what alternatives contributed out of what was seen, as far as the item itself does not suffice. */
function stoodIn(seen: Map<string, Big>, { item, alternatives }: BomLine, needed: Big): Big {
  let open = needed.minus(at(seen, item));
  let covered = new Big(0);
  for (const alternative of alternatives) {
    const used = open.lt(at(seen, alternative)) ? open : at(seen, alternative);
    if (used.lte(0)) continue;
    covered = covered.plus(used);
    open = open.minus(used);
    const left = at(seen, alternative).minus(used);
    if (left.eq(0)) seen.delete(alternative);
    else seen.set(alternative, left);
  }
  return covered;
}

function partsLost(
  into: ReadonlyMap<string, Big>,
  out: ReadonlyMap<string, Big>,
  scrapped: ReadonlyMap<string, Big>,
  bomOf: BomOf,
): Violation[] {
  const expected = new Map<string, Big>();
  const came = new Map(out);
  for (const [item, amount] of scrapped) increase(came, item, amount);
  for (const [item, amount] of into) {
    // What comes out whole, or is scrapped whole, was not taken apart.
    const apart = amount.minus(at(came, item));
    came.delete(item);
    for (const line of bomOf(item) ?? []) {
      const inside = apart.times(line.quantityPer);
      increase(expected, line.item, inside.minus(stoodIn(came, line, inside)));
    }
  }
  const items = new Set([...expected.keys(), ...came.keys()]);
  return [...items].flatMap((item): Violation[] => {
    const [seen, wanted] = [at(came, item), at(expected, item)];
    if (seen.eq(wanted)) return [];
    const detail = `${item}: expected ${wanted.toFixed()} to come out, seen ${seen.toFixed()}`;
    return [{ code: 'operation-unbalanced', lot: null, detail }];
  });
}

function imbalance(item: string, expected: Big, seen: Big | undefined): Violation[] {
  if (seen === undefined)
    return expected.eq(0)
      ? []
      : [{ code: 'operation-input-missing', lot: null, detail: `${item}: expected ${expected.toFixed()}, seen none` }];
  if (seen.eq(expected)) return [];
  return [
    {
      code: 'operation-unbalanced',
      lot: null,
      detail: `${item}: expected ${expected.toFixed()}, seen ${seen.toFixed()}`,
    },
  ];
}

function totals(flows: readonly Counted[]): Map<string, Big> {
  const sums = new Map<string, Big>();
  for (const { item, quantity } of flows) if (item !== null) increase(sums, item, new Big(quantity.value));
  return sums;
}

const at = (sums: ReadonlyMap<string, Big>, item: string): Big => sums.get(item) ?? new Big(0);

function increase(sums: Map<string, Big>, item: string, by: Big): void {
  sums.set(item, at(sums, item).plus(by));
}
