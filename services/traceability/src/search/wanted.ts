import { folded } from './identifiers.ts';
import { readScan, said, type Scan } from './scan.ts';

/** One way in which something may be found. */
export type Lookup =
  /** By a name; only of these kinds, if any are told. */
  | { readonly by: 'name'; readonly name: string; readonly kinds: readonly string[] }
  /** The lots that a serial is or was in; of one device identifier, if it is told. */
  | { readonly by: 'serial'; readonly serial: string; readonly gtin: string | null }
  /** A lot by the number that its label bears beside a device identifier. */
  | { readonly by: 'lot-of-gtin'; readonly lot: string; readonly gtin: string };

export interface Wanted {
  readonly scan: Scan | undefined;
  /** What is meant, most precise first: a unit, its lot, its product. */
  readonly tiers: readonly (readonly Lookup[])[];
}

export const LOT_NAMES: readonly string[] = ['lot', 'alias', 'placeholder'];

const named = (name: string, ...kinds: readonly string[]): Lookup => ({ by: 'name', name, kinds });

/** What a typed or scanned text may mean. */
export function wantedBy(text: string): Wanted {
  const visible = text.replaceAll(/\p{Cf}/gu, '').trim();
  // An input method for Chinese writes brackets and digits wide.
  const scan = readScan(visible.normalize('NFKC'));
  const plain: readonly Lookup[] = [named(visible), { by: 'serial', serial: visible, gtin: null }];
  if (!scan) return { scan, tiers: [plain] };
  const [sscc, gtin, lot, serial] = [said(scan, '00'), said(scan, '01', '02'), ...hibcOr(scan)];
  const others = OTHERS.flatMap(([ai, ...kinds]) => {
    const value = said(scan, ai);
    return value === undefined ? [] : [named(value, ...kinds)];
  });
  const inLot: readonly Lookup[] = lot === undefined ? [] : [named(lot, ...LOT_NAMES)];
  const tiers: (readonly Lookup[])[] = [
    serial === undefined ? [] : [{ by: 'serial', serial, gtin: gtin ?? null }],
    lot === undefined ? [] : gtin === undefined ? inLot : [{ by: 'lot-of-gtin', lot, gtin }],
    [...(sscc === undefined ? [] : [named(sscc)]), ...others],
    gtin === undefined ? [] : [named(gtin, 'gtin')],
    // A label that names another product than we know of the lot still leads somebody to it.
    gtin === undefined ? [] : inLot,
  ];
  const misread = scan.elements.some(({ ai, fault }) => fault !== null && ['01', '02'].includes(ai));
  // The serial of a product that was read wrongly may be the serial of any product: nothing precise is known then.
  const meant = [...(misread ? [[]] : []), ...tiers.filter((tier) => tier.length > 0)];
  // The digits of a key may be somebody's own number too; a whole label may have been kept as a name.
  if (scan.form === 'key') return { scan, tiers: [[...(meant[0] ?? []), ...plain], ...meant.slice(1)] };
  return { scan, tiers: [...meant, [named(visible)]] };
}

/** Lot and serial, behind the AIs of GS1 or in the fields of HIBC. */
const hibcOr = (scan: Scan): readonly [string | undefined, string | undefined] =>
  scan.form === 'hibc' ? [said(scan, 'L'), said(scan, 'S')] : [said(scan, '10'), said(scan, '21')];

/** What else leads somewhere: the customer's order, assets, locations and parties, and the product's own names. */
const OTHERS: readonly (readonly [ai: string, ...kinds: string[]])[] = [
  ['400', 'purchase-order', 'work-order'],
  ['402', 'shipment'],
  ['401', 'shipment', 'container'],
  ['410', 'party'],
  ['412', 'party', 'supplier'],
  ['414', 'party'],
  ['417', 'party', 'supplier'],
  ['240', 'item', 'product'],
  ['241', 'item', 'product'],
  ['8003', 'container'],
  ['8004', 'container'],
  ['PCN', 'item', 'product'],
];

/** Names under which one thing is known to one system; several things behind one of them are no riddle but a list. */
const LISTS: readonly string[] = ['purchase-order', 'work-order', 'item', 'supplier', 'container', 'inspection'];

export interface Meaning {
  readonly kind: string;
  readonly value: string;
  readonly system: string | null;
  readonly subjectKind: string;
  readonly subject: string;
}

export type Outcome = 'found' | 'ambiguous' | 'partly' | 'unknown';

/** `found`: what is meant most precisely is known, and is one thing. `partly`: only what contains it is (its product, its lot). */
export function outcomeOf(tiers: readonly (readonly Meaning[])[]): Outcome {
  const [precise = []] = tiers;
  if (precise.length === 0) return tiers.some((tier) => tier.length > 0) ? 'partly' : 'unknown';
  const things = new Set(
    precise.map(({ kind, value, subjectKind, subject }) =>
      LISTS.includes(kind) ? `${kind}|${folded(value)}` : `${subjectKind}|${subject}`,
    ),
  );
  return things.size > 1 ? 'ambiguous' : 'found';
}
