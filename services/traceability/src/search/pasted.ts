import { Rejected } from '@lotwarden/platform/errors';
import { readScan } from './scan.ts';

export interface Pasted {
  /** As it was written, without what surrounds it. */
  readonly text: string;
  /** Where it stands first; counted from 1. */
  readonly line: number;
  readonly times: number;
}

/** How many different identifiers are looked up at once; each word of a text with blanks may be one. */
export const MOST_IDENTIFIERS = 5_000;
/** No identifier of any system is longer. */
export const LONGEST_IDENTIFIER = 500;

/**
 * The different identifiers in a pasted text, in their order: one a line, or divided by tabs, commas or semicolons, in
 * quotes or not. A scanned label stays whole whatever it contains. Throws `search-too-many`.
 */
export function pastedIdentifiers(texts: readonly string[]): Pasted[] {
  const found = new Map<string, { text: string; line: number; times: number }>();
  let line = 0;
  let lookups = 0;
  for (const text of texts)
    for (const written of withoutCells(text).split(/\r\n|[\n\r\u2028\u2029\v\f]/)) {
      line += 1;
      for (const piece of piecesOf(written)) {
        const known = found.get(piece);
        if (known) known.times += 1;
        else {
          found.set(piece, { text: piece, line, times: 1 });
          lookups += words(piece).length;
        }
        if (lookups > MOST_IDENTIFIERS) throw new Rejected('search-too-many', { limit: MOST_IDENTIFIERS });
      }
    }
  return [...found.values()];
}

/** A cell with several lines comes out of a spreadsheet in quotes, and its own quotes doubled (RFC 4180). */
const withoutCells = (text: string): string =>
  text.replaceAll(/(?<=^|[\t\n\r])"((?:[^"]|"")+)"(?=[\t\n\r]|$)/g, (whole, cell: string) =>
    /[\n\r]/.test(cell) ? cell.replaceAll('""', '"') : whole,
  );

function piecesOf(line: string): string[] {
  const scanned = (text: string): boolean =>
    text.length <= LONGEST_IDENTIFIER && readScan(bare(text).normalize('NFKC')) !== undefined;
  return line.split('\t').flatMap((cell) => {
    const whole = bare(cell);
    if (whole === '') return [];
    if (scanned(whole)) return [whole];
    const pieces = whole.split(/[,;，；、]/).map(bare);
    // Too long for a name: a row of them.
    return pieces
      .filter((piece) => piece !== '')
      .flatMap((piece) => (piece.length > LONGEST_IDENTIFIER ? words(piece) : [piece]));
  });
}

/** Words of a text that is nobody's name as a whole. */
export const words = (text: string): string[] =>
  text
    .split(/\s+/)
    .map(bare)
    .filter((word) => word !== '');

/** Without what surrounds it, blanks and quotes, and without marks that nobody sees. */
const bare = (text: string): string =>
  text
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
    .replace(/^(["'“‘«])(.*)["'”’»]$/s, '$2')
    .trim();
