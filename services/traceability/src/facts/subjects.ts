import { placeholderLotId } from '@lotwarden/platform/ids';
import { OWN_SYSTEM, type LotRef } from '@lotwarden/platform/lot-ref';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Kinds of things that an event can be about. */
export type SubjectKind =
  | 'lot'
  | 'operation'
  | 'container'
  | 'party'
  | 'shipment'
  | 'complaint'
  | 'equipment'
  | 'mount'
  | 'load'
  /** Of a lot: an event that says what it is. */
  | 'status';

/** `lot:M-SZ1-261101-00001` */
export type Subject = `${SubjectKind}:${string}`;

export const subject = (kind: SubjectKind, id: string): Subject => `${kind}:${id}`;

/** What the fields of events name, one or several, wherever in an event they stand. */
const NAMED_BY: ReadonlyMap<string, SubjectKind> = new Map([
  ['lot', 'lot'],
  ['lots', 'lot'],
  ['roots', 'lot'],
  ['fromLot', 'lot'],
  ['toLot', 'lot'],
  ['placeholder', 'lot'],
  ['suspectedLot', 'lot'],
  ['otherLot', 'lot'],
  ['operation', 'operation'],
  ['operations', 'operation'],
  ['container', 'container'],
  ['containers', 'container'],
  ['children', 'container'],
  ['custodian', 'party'],
  ['party', 'party'],
  ['soldTo', 'party'],
  ['shipTo', 'party'],
  ['from', 'party'],
  ['shipment', 'shipment'],
  ['complaint', 'complaint'],
  ['equipment', 'equipment'],
  ['serves', 'equipment'],
  ['mount', 'mount'],
  ['load', 'load'],
]);

/** What made it happen names its kind beside it. */
const CAUSES: ReadonlyMap<string, SubjectKind> = new Map([
  ['operation', 'operation'],
  ['shipment', 'shipment'],
]);

/** Everything an event speaks of, at any depth, in order of mention; a name is a lot's too, by the placeholder it had. */
export function subjectsOf(event: object): Subject[] {
  const found = new Set<Subject>();
  const look = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isList(value)) {
      value.forEach(look);
      return;
    }
    const { kind, id, system, code } = value;
    const cause = typeof kind === 'string' ? CAUSES.get(kind) : undefined;
    if (cause && typeof id === 'string') found.add(subject(cause, id));
    if (typeof system === 'string' && typeof code === 'string') {
      const lot = placeholderOf({ system, code });
      if (lot !== undefined) found.add(subject('lot', lot));
    }
    for (const [name, inner] of Object.entries(value)) {
      const named = NAMED_BY.get(name);
      if (named)
        for (const one of isList(inner) ? inner : [inner])
          if (typeof one === 'string' && one !== '') found.add(subject(named, one));
      look(inner);
    }
  };
  look(event as Json);
  return [...found];
}

const placeholderOf = (ref: LotRef): string | undefined =>
  ref.system === OWN_SYSTEM ? undefined : placeholderLotId(ref);

/** Ids of all subjects of one kind. */
export const idsOf = (kind: SubjectKind, subjects: readonly string[]): string[] =>
  subjects.filter((one) => one.startsWith(`${kind}:`)).map((one) => one.slice(kind.length + 1));

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
