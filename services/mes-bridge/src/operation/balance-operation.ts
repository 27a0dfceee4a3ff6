import Big from 'big.js';
import type { BomLine, OperationInput, OperationOutput, Violation } from '@lotwarden/contracts/events';

/** A flow of material with the item it is of: a part or a product; null where the lot is not known yet. */
export type Itemised<Flow> = Flow & { readonly item: string | null };

interface Material {
  readonly inputs: readonly Itemised<OperationInput>[];
  readonly outputs: readonly Itemised<OperationOutput>[];
  readonly scrap: readonly Itemised<OperationOutput>[];
}

/** Which bill of material an item is made by; undefined where it is not made here or not known. */
export type BomOf = (item: string) => readonly BomLine[] | undefined;

/**
 * Quantity is conserved: per item, in = out + scrap; what comes out new needs its bill of material to have gone in.
 * Every difference is a finding with item, expected and seen; none is corrected silently.
 *
 * An item that both goes in and comes out (rework, split, merge) must balance by itself; only what appears beyond that
 * is newly made. Components taken out again (rework) are scrapped, and need not have come in as themselves.
 */
export function imbalances({ inputs, outputs, scrap }: Material, bomOf: BomOf): Violation[] {
  const into = totals(inputs.filter((i) => i.edge === 'material' || i.edge === 'installed'));
  const out = totals(outputs);
  const scrapped = totals(scrap);
  const expected = new Map<string, Big>();
  const transformed = [...out.keys()].filter((item) => into.has(item));
  for (const item of transformed) increase(expected, item, at(out, item).plus(at(scrapped, item)));
  for (const item of [...out.keys()].filter((made) => !into.has(made))) {
    const made = at(out, item).plus(at(scrapped, item));
    for (const line of bomOf(item) ?? []) increase(expected, line.item, made.times(line.quantityPer));
  }
  if (transformed.length > 0) for (const item of replaced(into, transformed)) increase(expected, item, at(into, item));
  if (out.size === 0) for (const item of into.keys()) increase(expected, item, at(scrapped, item));
  const items = new Set([...expected.keys(), ...into.keys()]);
  return [...items].flatMap((item) => imbalance(item, at(expected, item), into.get(item)));
}

/** Components put in while reworking: what they replaced is unknown to the bill of material, so any amount is right. */
const replaced = (into: ReadonlyMap<string, Big>, transformed: readonly string[]): string[] =>
  [...into.keys()].filter((item) => !transformed.includes(item));

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

function totals(flows: readonly Itemised<{ quantity: { value: string } }>[]): Map<string, Big> {
  const sums = new Map<string, Big>();
  for (const { item, quantity } of flows) if (item !== null) increase(sums, item, new Big(quantity.value));
  return sums;
}

const at = (sums: ReadonlyMap<string, Big>, item: string): Big => sums.get(item) ?? new Big(0);

function increase(sums: Map<string, Big>, item: string, by: Big): void {
  sums.set(item, at(sums, item).plus(by));
}
