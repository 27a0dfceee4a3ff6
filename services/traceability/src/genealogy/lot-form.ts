import type { GoodsEntry, Place } from '../balance/goods-entry.ts';

import {
  flag,
  list,
  mapOf,
  nullable,
  number,
  oneOf,
  record,
  setOf,
  type Field,
  type SharedFields,
} from '../packed/fields.ts';
import type { Container, Contents, Declaration, Lot, LotSerials } from './model.ts';
import { sourceField } from './operation-form.ts';

/** What is kept of a lot beside its number, its id, and the operations that its links lead to. */
export type LotState = Omit<Lot, 'index' | 'id' | 'consumedBy' | 'producedBy' | 'scrappedBy'>;

/** How a lot is kept as bytes: a new property is added here, and nowhere else. */
export function lotForm(shared: SharedFields): Field<LotState> {
  const { term, name, quantity, serials } = shared;
  const source = sourceField(shared);
  const place = record<Place>({ site: term, location: term });
  const declaration = record<Declaration>({
    kind: oneOf(['material', 'intermediate', 'finished', 'unknown']),
    item: nullable(term),
    revision: nullable(term),
    site: term,
    supplier: nullable(term),
    supplierLot: nullable(name),
    purchaseOrder: nullable(term),
    workOrder: nullable(term),
    source,
  });
  const goods = record<GoodsEntry>({
    book: term as unknown as Field<GoodsEntry['book']>,
    quantity,
    serials,
    place: nullable(place),
    toPlace: nullable(place),
    party: nullable(term),
    cause: nullable(record({ kind: term, id: name })),
    containers: list(name),
    source,
  });
  return record<LotState>({
    declaration: nullable(declaration),
    acceptance: nullable(term),
    aliases: list(record({ system: term, code: name })),
    standsFor: list(number),
    placeholders: list(number),
    serials: record<LotSerials>({ current: serials, ever: serials, scrapped: serials }),
    goods: list(goods),
    markets: setOf(term),
    complaints: setOf(name),
    containers: setOf(name),
  });
}

export function containerForm({ term, name, serials }: SharedFields): Field<Container> {
  const contents = { lots: setOf(number), units: mapOf(number, serials), children: setOf(name) };
  return record<Container>({ level: term, sealed: flag, ...contents, told: nullable(record<Contents>(contents)) });
}
