import { list, moment, nullable, oneOf, record, setOf, text, type Field, type SharedFields } from '../packed/fields.ts';
import type { EpcisGoods } from '@lotwarden/contracts/events';
import type { Source } from './facts.ts';
import { sourceField } from './operation-form.ts';

/** What an EPCIS event is for the genealogy: something was made of something, came into being, was packed, taken out, seen. */
const KINDS = ['made', 'born', 'packed', 'unpacked', 'seen'] as const;
type SaidKind = (typeof KINDS)[number];

/** One event as one party told it. */
export interface Said {
  readonly eventId: string;
  /** null: our own house. */
  readonly party: string | null;
  readonly capturer: string;
  readonly kind: SaidKind;
  /** eventTime, UTC. */
  readonly at: string;
  readonly readPoint: string;
  /** The container it was packed into or taken out of. */
  readonly container: string | null;
  /** Of the operation that it tells of. */
  readonly operation: string | null;
  /** Lot number of what came into being, as the event's master data says. */
  readonly lot: string | null;
  readonly goods: readonly EpcisGoods[];
  readonly source: Source;
}

/** All that was told under one eventID. Names belong to whoever tells: two parties may use the same. */
export interface Told {
  readonly said: Said[];
  /** Who declared it wrong: parties, and OWN_HOUSE. */
  readonly wrong: Set<string>;
}

/** Kind of the operations that others told of: theirs, so none of our books. */
export const TOLD_IN_EPCIS = 'epcis';

/** No party is called that. */
export const OWN_HOUSE = '';

/** What still counts: a party takes back its own word, our own house anybody's. */
export const standing = ({ said, wrong }: Told): readonly Said[] =>
  wrong.has(OWN_HOUSE) ? [] : said.filter(({ party }) => !wrong.has(party ?? OWN_HOUSE));

export function toldForm(shared: SharedFields): Field<Told> {
  const { term, name, quantity } = shared;
  const goods = record<EpcisGoods>({ role: term, id: text, quantity: nullable(quantity) });
  const said = record<Said>({
    eventId: name,
    party: nullable(term),
    capturer: term,
    kind: oneOf(KINDS),
    at: moment,
    readPoint: term,
    container: nullable(text),
    operation: nullable(text),
    lot: nullable(text),
    goods: list(goods),
    source: sourceField(shared),
  });
  return record<Told>({ said: list(said), wrong: setOf(term) });
}
