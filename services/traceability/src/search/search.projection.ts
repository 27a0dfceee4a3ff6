import type { Envelope } from '@lotwarden/platform/consumer';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import { folded, identifiersIn, serialsIn, sizeClass, type Identifier } from './identifiers.ts';

export interface IdentifierDocument extends Identifier {
  readonly _id: string;
  readonly folded: string;
}

export interface SerialDocument extends SerialRange, SerialFamily {
  readonly _id: string;
  readonly lot: string;
}

/** Which prefixes, widths and sizes of ranges there are: few, however many ranges. */
export interface SerialFamily {
  /** The prefix, folded. */
  readonly folded: string;
  readonly width: number;
  readonly size: number;
}

const IDENTIFIERS = 'identifiers';
const SERIALS = 'serial_ranges';
const FAMILIES = 'serial_families';

export const searchIndex = ({ collection }: Pick<Deps, 'collection'>) => ({
  identifiers: collection<IdentifierDocument>(IDENTIFIERS, [
    { key: { folded: 1, _id: 1 } },
    { key: { subject: 1, kind: 1 } },
  ]),
  serials: collection<SerialDocument>(SERIALS, [
    { key: { folded: 1, width: 1, size: 1, first: 1, _id: 1 } },
    { key: { gtin: 1, lot: 1 } },
  ]),
  families: collection<SerialFamily & { readonly _id: string }>(FAMILIES, [{ key: { folded: 1, width: 1, size: 1 } }]),
});

export type SearchIndex = ReturnType<typeof searchIndex>;

/** Names never go away: what was once a lot's name, or in it, finds it for ever. */
export function addToSearch({ event }: Envelope, work: Work): void {
  for (const one of identifiersIn(event)) {
    const id = [one.kind, one.system ?? '', one.value, one.subjectKind, one.subject].join('|');
    work.reference(IDENTIFIERS, { ...one, _id: id, folded: folded(one.value) });
  }
  const serials = serialsIn(event);
  for (const { gtin, prefix, width, first, last } of serials?.ranges ?? []) {
    const family = { folded: folded(prefix), width, size: sizeClass(first, last) };
    work.reference(FAMILIES, { _id: `${family.folded}|${String(width)}|${String(family.size)}`, ...family });
    const id = [serials?.lot, gtin, prefix, width, first, last].join('|');
    work.reference(SERIALS, { _id: id, lot: serials?.lot, gtin, prefix, first, last, ...family });
  }
}
