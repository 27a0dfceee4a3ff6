import type { Finder } from './find.store.ts';
import { LONGEST_IDENTIFIER, words, type Pasted } from './pasted.ts';
import type { Scan } from './scan.ts';
import { outcomeOf, wantedBy, type Meaning, type Outcome } from './wanted.ts';

export interface Found {
  readonly input: string;
  readonly line: number;
  readonly times: number;
  /** `too-long`: not looked up, as nothing is called like that. */
  readonly outcome: Outcome | 'too-long';
  readonly scan: Scan | null;
  readonly meanings: readonly Meaning[];
  /** There are more meanings than are shown: page through `GET /search?match=exact&q=`. */
  readonly more: boolean;
}

/** Meanings of one identifier that are shown where many are looked up. */
const SHOWN = 20;
/** Lookups under way at once: the database has others to answer. */
const ABREAST = 16;

/**
 * Each identifier with all it may mean, in their order. What is nobody's name as a whole and contains blanks is looked up
 * word by word.
 */
export async function* findAll(
  finder: Finder,
  pasted: readonly Pasted[],
  signal: AbortSignal,
): AsyncGenerator<readonly Found[]> {
  for (let at = 0; at < pasted.length; at += ABREAST) {
    signal.throwIfAborted();
    const found = await Promise.all(pasted.slice(at, at + ABREAST).map((one) => findOrSplit(finder, one)));
    yield found.flat();
  }
}

async function findOrSplit(finder: Finder, pasted: Pasted): Promise<Found[]> {
  const whole = await find(finder, pasted);
  const parts = words(pasted.text);
  if (whole.outcome !== 'unknown' || whole.scan !== null || parts.length < 2) return [whole];
  const found: Found[] = [];
  for (const text of parts) found.push(await find(finder, { ...pasted, text }));
  // Of a name that nobody knows its words say nothing.
  return found.every(({ outcome }) => outcome === 'unknown') ? [whole] : found;
}

async function find(finder: Finder, { text, line, times }: Pasted): Promise<Found> {
  const known = { input: text.slice(0, LONGEST_IDENTIFIER), line, times };
  if (text.length > LONGEST_IDENTIFIER) return { ...known, outcome: 'too-long', scan: null, meanings: [], more: false };
  const { scan, tiers } = wantedBy(text);
  const found = await Promise.all(
    tiers.map(async (tier) => (await Promise.all(tier.map((one) => finder.lookUp(one, SHOWN + 1)))).flat()),
  );
  const meanings = [...new Map(found.flat().map((one) => [JSON.stringify(one), one])).values()];
  return {
    ...known,
    outcome: outcomeOf(found),
    scan: scan ?? null,
    meanings: meanings.slice(0, SHOWN),
    more: meanings.length > SHOWN,
  };
}
