import type { Quantity } from '@lotwarden/platform/quantity';
import { fromExact, toExact } from '../balance/exact.ts';
import { candidatesOf, itemsOf, type Candidate } from '../genealogy/derive-inputs.ts';
import type { Mount, Specified } from '../genealogy/floor.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Certainty, Operation } from '../genealogy/model.ts';
import { lotAt, meant, members, operationAt } from '../genealogy/nodes.ts';

/** How much of a lot went into one operation: as it was told, or between what must and what can have come from it. */
export interface Use {
  readonly operation: string;
  readonly certainty: Certainty;
  readonly equipment: string | null;
  readonly positions: readonly string[];
  readonly minimum: Quantity;
  /** null: nobody counted what was mounted, and no bill of material says how much was needed. */
  readonly maximum: Quantity | null;
}

export interface Uses {
  readonly lot: string;
  readonly uses: readonly Use[];
  /** In the lot's unit; what is told in other units stands in its line only. */
  readonly unit: string;
  /** Scanned, named or backflushed. */
  readonly certain: string;
  /** What else there must have been of it in operations where it is only possible. */
  readonly possibleMinimum: string;
  /** null where one line has no maximum and the mountings were not counted. */
  readonly possibleMaximum: string | null;
}

/** Where a lot was used, by what was told and by what was mounted. */
export function usesOf(graph: Genealogy, lot: number): Uses {
  const nodes = members(graph, lot);
  const operations = [...new Set(nodes.flatMap(({ consumedBy }) => consumedBy))]
    .map((index) => operationAt(graph, index))
    .filter(({ voided }) => !voided)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const uses = operations.flatMap((operation) => usesIn(graph, operation, lot));
  const unit = uses.find(({ minimum }) => minimum.value !== '0')?.minimum.unit ?? uses[0]?.minimum.unit ?? 'EA';
  const own = uses.filter(({ minimum }) => minimum.unit === unit);
  const isPossible = ({ certainty }: Use): boolean => certainty === 'possible' || certainty === 'gap-assumed';
  const possible = own.filter(isPossible);
  const fits = (maximum: bigint): bigint => smaller(maximum, leftFor(graph, nodes.map(({ index }) => index), unit)); // prettier-ignore
  return {
    lot: lotAt(graph, lot).id,
    uses,
    unit,
    certain: fromExact(sum(own.filter((use) => !isPossible(use)).map(({ minimum }) => minimum))),
    possibleMinimum: fromExact(sum(possible.map(({ minimum }) => minimum))),
    possibleMaximum: possible.some(({ maximum }) => maximum === null)
      ? whole(leftFor(graph, nodes.map(({ index }) => index), unit)) // prettier-ignore
      : fromExact(fits(sum(possible.flatMap(({ maximum }) => maximum ?? [])))),
  };
}

/** The same in one operation: what was told, and what the mountings must and can have given. */
export const usesIn = (graph: Genealogy, operation: Operation, lot: number): Use[] => [
  ...toldUses(graph, operation, lot),
  ...mountedUses(graph, operation, lot),
];

function toldUses(graph: Genealogy, operation: Operation, lot: number): Use[] {
  return operation.inputs
    .filter((line) => line.told && line.edge !== 'exposure' && meant(graph, line.lot).includes(lot))
    .map(({ quantity, certainty }) => ({
      operation: operation.id,
      certainty,
      equipment: operation.head?.equipment ?? null,
      positions: [],
      minimum: certainty === 'possible' || certainty === 'gap-assumed' ? { ...quantity, value: '0' } : quantity,
      maximum: quantity,
    }));
}

/**
 * At most what the operation needed, and what was on the position; at least what the others cannot have given. One lot
 * alone gave all that was needed.
 */
function mountedUses(graph: Genealogy, operation: Operation, lot: number): Use[] {
  const candidates = candidatesOf(graph, operation);
  const own = candidates.filter(({ mount }) => isOf(graph, mount, lot));
  const [first] = own;
  if (!first) return [];
  const certainty = own.some((one) => one.certainty === 'backflushed') ? 'backflushed' : 'possible';
  const unit = unitOf(own.map(({ mount }) => mount)) ?? 'EA';
  const needed = neededIn(graph, operation, itemsOf(graph, [lot]), unit);
  const there = sumOrNull(own.map(({ mount }) => givenBy(mount, unit)));
  const others = new Set(
    own.flatMap(({ rivals }) => rivals).filter((mount) => !own.some((one) => one.mount === mount)),
  );
  const theirs = sumOrNull([...others].map((mount) => givenBy(mount, unit)));
  const limits = [needed, there].filter((limit) => limit !== null);
  const maximum = limits.length === 0 ? null : limits.reduce(smaller);
  const isAlone = certainty === 'backflushed';
  const rest = needed === null || theirs === null || !isCovered(own) ? 0n : larger(0n, needed - theirs);
  const minimum = isAlone ? (needed ?? 0n) : smaller(rest, maximum ?? rest);
  return [
    {
      operation: operation.id,
      certainty,
      equipment: operation.head?.equipment ?? null,
      positions: [...new Set(own.map(({ mount }) => mount.position))].sort(),
      minimum: { value: fromExact(minimum), unit },
      maximum: maximum === null ? null : { value: fromExact(isAlone && needed !== null ? needed : maximum), unit },
    },
  ];
}

const isCovered = (own: readonly Candidate[]): boolean => own.every(({ covered }) => covered);

const isOf = (graph: Genealogy, { lots }: Mount, lot: number): boolean =>
  lots.some((one) => meant(graph, one).includes(lot));

const unitOf = (mounts: readonly Mount[]): string | undefined =>
  mounts.map(({ quantity, remaining }) => (quantity ?? remaining)?.unit).find((unit) => unit !== undefined);

/** All that left the position while it was mounted; null: nobody counted. */
function givenBy({ quantity, remaining }: Mount, unit: string): bigint | null {
  if (quantity === null || quantity.unit !== unit) return null;
  const left = remaining?.unit === unit ? toExact(remaining.value) : 0n;
  return larger(0n, toExact(quantity.value) - left);
}

/** All that its mountings gave; null: one was not counted. */
function leftFor({ floor }: Genealogy, lots: readonly number[], unit: string): bigint | null {
  const mounts = lots.flatMap((lot) => floor.mountsOf.get(lot) ?? []).flatMap((id) => floor.mounts.get(id) ?? []);
  return mounts.length === 0
    ? null
    : sumOrNull(mounts.filter(({ voided }) => !voided).map((one) => givenBy(one, unit)));
}

/** What the operation needed of these items by the bill of material in force; null: nobody specified it. */
function neededIn(
  graph: Genealogy,
  { outputs, scrap, head }: Operation,
  items: ReadonlySet<string>,
  unit: string,
): bigint | null {
  let needed: bigint | null = null;
  for (const { lot, quantity } of [...outputs, ...scrap])
    for (const product of itemsOf(graph, meant(graph, lot))) {
      const revision = inForce(graph.floor.products.get(product) ?? [], head?.endedAt ?? '');
      for (const line of revision?.bom ?? [])
        if (items.has(line.item) && line.unit === unit)
          needed = (needed ?? 0n) + (toExact(quantity.value) * toExact(line.quantityPer)) / ONE;
    }
  return needed;
}

const ONE = toExact('1');

function inForce(revisions: readonly Specified[], moment: string): Specified | undefined {
  const sorted = revisions.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  return sorted.findLast(({ validFrom }) => validFrom <= moment) ?? sorted[0];
}

const sum = (quantities: readonly Quantity[]): bigint =>
  quantities.reduce((all, { value }) => all + toExact(value), 0n);

const sumOrNull = (amounts: readonly (bigint | null)[]): bigint | null =>
  amounts.includes(null) ? null : amounts.reduce<bigint>((all, amount) => all + (amount ?? 0n), 0n);

const whole = (amount: bigint | null): string | null => (amount === null ? null : fromExact(amount));

function smaller(a: bigint, b: bigint | null): bigint {
  return b !== null && b < a ? b : a;
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Some of the uses, whole operations at a time, and after which operation to go on. */
export function usesPage(
  all: Uses,
  { after, limit }: { after: string | null; limit: number },
): Uses & { readonly next: string | null } {
  // prettier-ignore
  const rest = all.uses.filter(({ operation }) => after === null || operation > after);
  const last = rest[limit - 1]?.operation;
  const uses = last === undefined ? rest : rest.filter(({ operation }) => operation <= last);
  return { ...all, uses, next: uses.length < rest.length ? (last ?? null) : null };
}
