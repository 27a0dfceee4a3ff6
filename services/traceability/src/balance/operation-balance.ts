import type { Quantity } from '@lotwarden/platform/quantity';
import type { Source } from '../genealogy/facts.ts';
import type { Specified } from '../genealogy/floor.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Operation, OperationLine } from '../genealogy/model.ts';
import { lotAt, meant } from '../genealogy/nodes.ts';
import { fromExact, toExact } from './exact.ts';

/** What of an item went into an operation and what became of it, in one unit. */
export interface OperationItem {
  readonly item: string | null;
  readonly unit: string;
  readonly in: Quantity;
  readonly out: Quantity;
  readonly scrap: Quantity;
  /** What the bill of material says went into what came out new; null where it is not known or nothing came of it. */
  readonly consumed: Quantity | null;
  /** in − out − scrap − consumed; null for what is made here: it comes out of other items. */
  readonly loss: Quantity | null;
  readonly lots: readonly string[];
}

export interface OperationBalance {
  readonly operation: string;
  readonly kind: string;
  readonly voided: boolean;
  readonly items: readonly OperationItem[];
  /** Nothing is lost, of all that can be counted. */
  readonly balanced: boolean;
  /** The events that say so. */
  readonly events: readonly Source[];
}

interface Amounts {
  in: bigint;
  out: bigint;
  scrap: bigint;
  readonly lots: Set<string>;
}

/**
 * Quantity is conserved in an operation: per item and unit, in = out + scrap + loss. What is made of other items balances by
 * its bill of material: the revision that its lot was declared with, else the one in force when the operation began.
 */
export function operationBalance(graph: Genealogy, operation: Operation): OperationBalance {
  const amounts = new Map<string, Amounts>();
  const made: { key: string; amount: bigint; bom: Specified['bom'] | undefined }[] = [];
  const count = (lines: readonly OperationLine[], to: 'in' | 'out' | 'scrap'): void => {
    for (const { lot, quantity } of lines) {
      const known = lotAt(graph, meant(graph, lot)[0] ?? lot);
      const key = `${known.declaration?.item ?? ''}|${quantity.unit}`;
      const sum = amounts.get(key) ?? { in: 0n, out: 0n, scrap: 0n, lots: new Set() };
      amounts.set(key, sum);
      sum[to] += toExact(quantity.value);
      sum.lots.add(known.id);
    }
  };
  // A load or a box is not used up by what it held.
  count(operation.inputs.filter(({ edge }) => edge === 'material' || edge === 'installed'), 'in'); // prettier-ignore
  count(operation.outputs, 'out');
  count(operation.scrap, 'scrap');
  for (const [key, { in: taken, out, scrap, lots }] of amounts) {
    const [item = ''] = key.split('|');
    if (taken === 0n && item !== '') made.push({ key, amount: out + scrap, bom: bomOf(graph, item, operation, lots) });
  }
  const needed = neededFor(made);
  // An item that no bill of material names stands for another: nobody can say for which, so none is missing for sure.
  const replaced = [...amounts].some(([key, sums]) => sums.in > 0n && sums.out === 0n && needed?.has(key) === false);
  // What the bill of material names and nobody put in is missing, and so stands there too.
  for (const key of needed?.keys() ?? [])
    if (!amounts.has(key)) amounts.set(key, { in: 0n, out: 0n, scrap: 0n, lots: new Set() });
  const items = [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, sums]): OperationItem =>
      itemOf(key, sums, { needed, replaced, made: made.some(({ key: one }) => one === key) }),
    );
  return {
    operation: operation.id,
    kind: operation.head?.kind ?? 'unknown',
    voided: operation.voided,
    items,
    balanced: items.every(({ loss }) => loss === null || loss.value === '0'),
    events: operation.source ? [operation.source] : [],
  };
}

interface Made {
  readonly needed: ReadonlyMap<string, bigint> | undefined;
  readonly replaced: boolean;
  /** This item is. */
  readonly made: boolean;
}

function itemOf(
  key: string,
  { in: taken, out, scrap, lots }: Amounts,
  { needed, replaced, made }: Made,
): OperationItem {
  const at = key.lastIndexOf('|');
  const [item, unit] = [key.slice(0, at), key.slice(at + 1)];
  const q = (exact: bigint): Quantity => ({ value: fromExact(exact), unit });
  const passes = taken !== 0n && (out !== 0n || needed?.size === 0);
  const consumed = made || passes ? undefined : needed?.get(key);
  const loss = taken - out - scrap - (consumed ?? 0n);
  const known = passes || (consumed !== undefined && !(replaced && loss < 0n));
  return {
    item: item === '' ? null : item,
    unit,
    in: q(taken),
    out: q(out),
    scrap: q(scrap),
    consumed: consumed === undefined ? null : q(consumed),
    loss: known ? q(loss) : null,
    lots: [...lots].sort(),
  };
}

/**
 * What the bills of material say went in, by item and unit; empty where nothing new was made, undefined where one of the
 * bills is not known: then nobody can say.
 */
function neededFor(
  made: readonly { amount: bigint; bom: Specified['bom'] | undefined }[],
): ReadonlyMap<string, bigint> | undefined {
  const sums = new Map<string, bigint>();
  for (const { amount, bom } of made) {
    if (!bom) return undefined;
    for (const { item, unit, quantityPer } of bom) {
      const key = `${item}|${unit}`;
      sums.set(key, (sums.get(key) ?? 0n) + (amount * toExact(quantityPer)) / toExact('1'));
    }
  }
  return sums;
}

function bomOf(
  graph: Genealogy,
  item: string,
  operation: Operation,
  lots: ReadonlySet<string>,
): Specified['bom'] | undefined {
  const revisions = graph.floor.products.get(item) ?? [];
  const declared = [...lots].map((lot) => lotAt(graph, graph.lotIds.find(lot) ?? -1).declaration?.revision)[0];
  const began = operation.head?.startedAt ?? '';
  const inForce = revisions
    .filter(({ validFrom }) => validFrom <= began)
    .sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
    .at(-1);
  return (revisions.find(({ revision }) => revision === declared) ?? inForce)?.bom;
}
