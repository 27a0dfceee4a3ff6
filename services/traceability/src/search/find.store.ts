import { formatSerial } from '@lotwarden/platform/serial-range';
import { earliestFirst, folded, serialReadings } from './identifiers.ts';
import type { SearchIndex, SerialDocument, SerialFamily } from './search.projection.ts';
import { LOT_NAMES, type Lookup, type Meaning } from './wanted.ts';

/** After everything that begins with a text. */
const BEYOND = '\u{10FFFF}';

export interface NamePlace {
  readonly folded: string;
  readonly id: string;
}

export interface SerialPlace {
  readonly family: string;
  readonly first: number;
  readonly id: string;
}

/** Something found, and from where the search goes on behind it. */
interface At<Place> {
  readonly meaning: Meaning;
  readonly place: Place;
}

export const createFinder = ({ identifiers, serials, families }: SearchIndex) => {
  /** Names in their order; `match: 'prefix'` those that begin with it. */
  async function names(
    name: string,
    match: 'exact' | 'prefix',
    { limit, after, kinds = [] }: { limit: number; after?: NamePlace | undefined; kinds?: readonly string[] },
  ): Promise<At<NamePlace>[]> {
    const wanted = folded(name);
    const found = await identifiers
      .find({
        folded: match === 'exact' ? wanted : { $gte: wanted, $lt: wanted + BEYOND },
        ...(kinds.length > 0 && { kind: { $in: [...kinds] } }),
        ...(after && { $or: [{ folded: { $gt: after.folded } }, { folded: after.folded, _id: { $gt: after.id } }] }),
      })
      .sort({ folded: 1, _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, folded: at, kind, value, system, subject, subjectKind }) => ({
      meaning: { kind, value, system, subject, subjectKind },
      place: { folded: at, id: _id },
    }));
  }

  /**
   * Ranges that hold the serial, or any that begins with it; a range is found wherever it begins, by its size. In the order
   * of their families, then of their first numbers.
   */
  async function ranges(
    serial: string,
    match: 'exact' | 'prefix',
    { limit, after, gtin }: { limit: number; after?: SerialPlace | undefined; gtin?: string | null },
  ): Promise<At<SerialPlace>[]> {
    const found: At<SerialPlace>[] = [];
    for await (const span of spans(serial, match, after?.family)) {
      const family = span._id;
      const behind = after?.family === family ? after : undefined;
      const documents = await serials
        .find({
          folded: span.folded,
          width: span.width,
          size: span.size,
          first: { $gte: Math.max(earliestFirst(span.size, span.low), behind?.first ?? 0), $lte: span.high },
          last: { $gte: span.low },
          ...(gtin != null && { gtin }),
          ...(behind && { $or: [{ first: { $gt: behind.first } }, { first: behind.first, _id: { $gt: behind.id } }] }),
        })
        .sort({ first: 1, _id: 1 })
        .limit(limit - found.length)
        .toArray();
      for (const document of documents)
        found.push({
          meaning: unitOrRange(document, span.low === span.high ? span.low : undefined),
          place: { family, first: document.first, id: document._id },
        });
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Where in which families the serial may be: numbers from `low` to `high`; from one family on. */
  async function* spans(serial: string, match: 'exact' | 'prefix', from: string | undefined): AsyncGenerator<Span> {
    const text = folded(serial);
    const readings = serialReadings(text);
    const prefixed = match === 'prefix' && text !== '';
    if (readings.length === 0 && !prefixed) return;
    const known = families
      .find({
        ...(from !== undefined && { _id: { $gte: from } }),
        $or: [
          { folded: { $in: readings.map(({ prefix }) => prefix) } },
          ...(prefixed ? [{ folded: { $gte: text, $lt: text + BEYOND } }] : []),
        ],
      })
      .sort({ _id: 1 });
    for await (const family of known) {
      const { folded: prefix, width } = family;
      const reading = readings.find((one) => one.prefix === prefix && fits(one.width, width, match));
      if (prefixed && prefix.startsWith(text)) yield { ...family, low: 0, high: 10 ** width - 1 };
      else if (reading) {
        const scale = 10 ** (width - reading.width);
        yield { ...family, low: reading.number * scale, high: (reading.number + 1) * scale - 1 };
      }
    }
  }

  async function lotOfGtin(lot: string, gtin: string, limit: number): Promise<Meaning[]> {
    const candidates = await names(lot, 'exact', { limit, kinds: LOT_NAMES });
    if (candidates.length === 0) return [];
    const subjects = candidates.map(({ meaning }) => meaning.subject);
    const products = (await names(gtin, 'exact', { limit: 100, kinds: ['gtin'] })).map(
      ({ meaning }) => meaning.subject,
    );
    const [made, serialised] = await Promise.all([
      identifiers.find({ subject: { $in: subjects }, kind: 'item', value: { $in: products } }).toArray(),
      serials.distinct('lot', { gtin, lot: { $in: subjects } }),
    ]);
    const right = new Set([...made.map(({ subject }) => subject), ...serialised]);
    return candidates.map(({ meaning }) => meaning).filter(({ subject }) => right.has(subject));
  }

  /** What one way of looking finds, at most `limit` of it. */
  async function lookUp(lookup: Lookup, limit: number): Promise<Meaning[]> {
    if (lookup.by === 'lot-of-gtin') return lotOfGtin(lookup.lot, lookup.gtin, limit);
    const found =
      lookup.by === 'name'
        ? await names(lookup.name, 'exact', { limit, kinds: lookup.kinds })
        : await ranges(lookup.serial, 'exact', { limit, gtin: lookup.gtin });
    return found.map(({ meaning }) => meaning);
  }

  return { names, ranges, lookUp };
};

export type Finder = ReturnType<typeof createFinder>;

interface Span extends SerialFamily {
  readonly _id: string;
  readonly low: number;
  readonly high: number;
}

const fits = (written: number, width: number, match: 'exact' | 'prefix'): boolean =>
  match === 'exact' ? written === width : written <= width;

function unitOrRange(range: SerialDocument, number: number | undefined): Meaning {
  const first = formatSerial(range, number ?? range.first);
  const value =
    number !== undefined || range.first === range.last ? first : `${first}..${formatSerial(range, range.last)}`;
  return {
    kind: number === undefined ? 'serials' : 'serial',
    value,
    system: range.gtin,
    subjectKind: 'lot',
    subject: range.lot,
  };
}
