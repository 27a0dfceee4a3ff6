import type { GoodsEntry, Place } from '../balance/goods-entry.ts';

import {
  flag,
  list,
  mapOf,
  nullable,
  number,
  oneOf,
  past,
  record,
  setOf,
  type Field,
  type FieldsOf,
  type SharedFields,
} from '../packed/fields.ts';
import { NONE as NO_TEXTS } from './few.ts';
import { readNumber, type Reader } from '../packed/bytes.ts';
import type { Container, Contents, Declaration, Lot, LotSerials } from './model.ts';
import { sourceField } from './operation-form.ts';

/** What is kept of a lot beside its number, its id, and the operations that its links lead to. */
export type LotState = Omit<Lot, 'index' | 'id' | 'consumedBy' | 'producedBy' | 'scrappedBy'>;

/** How a lot is kept as bytes: a new property is added here, and nowhere else. */
function lotFields(shared: SharedFields) {
  const { term, name, quantity, serials } = shared;
  const source = sourceField(shared);
  const place = record<Place>({ site: term, location: term });
  const declaration: FieldsOf<Declaration> = {
    kind: oneOf(['material', 'intermediate', 'finished', 'unknown']),
    item: nullable(term),
    revision: nullable(term),
    site: term,
    supplier: nullable(term),
    supplierLot: nullable(name),
    purchaseOrder: nullable(term),
    workOrder: nullable(term),
    source,
  };
  const goods: FieldsOf<GoodsEntry> = {
    book: term as unknown as Field<GoodsEntry['book']>,
    quantity,
    serials,
    place: nullable(place),
    toPlace: nullable(place),
    party: nullable(term),
    cause: nullable(record({ kind: term, id: name })),
    containers: list(name),
    source,
  };
  const units: FieldsOf<LotSerials> = { current: serials, ever: serials, scrapped: serials };
  const whole: FieldsOf<LotState> = {
    declaration: nullable(record(declaration)),
    acceptance: nullable(term),
    aliases: list(record({ system: term, code: name })),
    standsFor: list(number),
    placeholders: list(number),
    serials: record(units),
    goods: list(record(goods)),
    markets: fewOf(term),
    complaints: fewOf(name),
    containers: fewOf(name),
  };
  return { declaration, goods, units, whole };
}

/** A set that is nearly always empty. */
function fewOf(field: Field<string>): Field<ReadonlySet<string>> {
  const values = list(field);
  return {
    write: (out, set) => values.write(out, [...set]),
    read: (from) => {
      const found = values.read(from);
      return found.length === 0 ? NO_TEXTS : new Set(found);
    },
    skip: values.skip,
  };
}

export const lotForm = (shared: SharedFields): Field<LotState> => record(lotFields(shared).whole);

/** What a line of an answer says of a lot. */
export interface LotPart {
  readonly declaration: Pick<Declaration, 'item'> | null;
  readonly standsFor: readonly number[];
  readonly placeholders: readonly number[];
  readonly serials: Pick<LotSerials, 'ever'>;
  readonly goods: readonly Pick<GoodsEntry, 'book' | 'quantity'>[];
}

/** Reads nothing else of its bytes. */
export function lotPart(shared: SharedFields): (from: Reader) => LotPart {
  const { declaration, goods, units, whole } = lotFields(shared);
  const toItem = past(declaration, { before: 'item' });
  const pastItem = past(declaration, { after: 'item' });
  const toStandsFor = past(whole, { after: 'declaration', before: 'standsFor' });
  const toEver = past(units, { before: 'ever' });
  const pastEver = past(units, { after: 'ever' });
  const pastQuantity = past(goods, { after: 'quantity' });
  const item = nullable(shared.term);
  const itemIn = (from: Reader): LotPart['declaration'] => {
    toItem(from);
    const read = { item: item.read(from) };
    pastItem(from);
    return read;
  };
  const entryIn = (from: Reader): LotPart['goods'][number] => {
    const read = { book: goods.book.read(from), quantity: goods.quantity.read(from) };
    pastQuantity(from);
    return read;
  };
  return (from) => {
    const told = flag.read(from) ? itemIn(from) : null;
    toStandsFor(from);
    const standsFor = listIn(from, readNumber);
    const placeholders = listIn(from, readNumber);
    toEver(from);
    const serials = { ever: shared.serials.read(from) };
    pastEver(from);
    return { declaration: told, standsFor, placeholders, serials, goods: listIn(from, entryIn) };
  };
}

const NONE: readonly never[] = [];

function listIn<T>(from: Reader, read: (from: Reader) => T): readonly T[] {
  const size = readNumber(from);
  if (size === 0) return NONE;
  const values: T[] = [];
  for (let index = 0; index < size; index++) values.push(read(from));
  return values;
}

export function containerForm({ term, name, serials }: SharedFields): Field<Container> {
  const contents = { lots: setOf(number), units: mapOf(number, serials), children: setOf(name) };
  return record<Container>({ level: term, sealed: flag, ...contents, told: nullable(record<Contents>(contents)) });
}
