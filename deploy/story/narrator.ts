import { isDeepStrictEqual } from 'node:util';

/**
 * A claim of the story beside what the services answered. Objects are compared by the fields that are expected.
 *
 * @param words said instead of the expected value where that is shown already
 */
export type Check = (claim: string, seen: unknown, expected: unknown, words?: string) => void;

export interface Step {
  readonly check: Check;
  /** Something worth knowing that nobody can be wrong about. */
  readonly tell: (fact: string) => void;
  /** An answer as people read it, line by line under its title. */
  readonly show: (title: string, lines: readonly string[]) => void;
}

export interface Failure {
  readonly step: string;
  readonly claim: string;
  readonly seen: string;
  readonly expected: string;
}

export interface Narrator {
  readonly act: <T>(title: string, titleZh: string, play: () => Promise<T>) => Promise<T>;
  readonly step: <T>(what: string, run: (step: Step) => Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
  /** From now on people read the name instead of the id. */
  readonly call: (id: string, name: string) => void;
  /** Claims that held. */
  readonly held: () => number;
  readonly failures: () => readonly Failure[];
}

/** Tells the story to people: what happened, how long it took, and what was read back. Goes on after a failed claim. */
export function createNarrator(say: (line: string) => void): Narrator {
  const failures: Failure[] = [];
  const names = new Map<string, string>();
  let held = 0;
  let acts = 0;
  const shown = (value: unknown, limit = 110): string => {
    let text = plain(value);
    for (const [id, name] of names) text = text.replaceAll(id, name);
    return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  };

  return {
    say,
    call: (id, name) => void names.set(id, name),
    held: () => held,
    failures: () => failures,
    act: async (title, titleZh, play) => {
      const began = performance.now();
      acts += 1;
      say(`\n${acts}. ${title} · ${titleZh}`);
      const result = await play();
      say(`   ${seconds(performance.now() - began)}`);
      return result;
    },
    step: async (what, run) => {
      const began = performance.now();
      const claims: Claim[] = [];
      const failed: Failure[] = [];
      const check: Check = (claim, seen, expected, words) => {
        if (fits(seen, expected)) {
          held += 1;
          claims.push(`✓ ${claim}: ${words ?? shown(expected)}`);
        } else failed.push({ step: what, claim, seen: shown(seen, 600), expected: shown(expected, 600) });
      };
      try {
        return await run({ check, tell: (fact) => claims.push(fact), show: (...answer) => claims.push(answer) });
      } catch (error) {
        failed.push({ step: what, claim: 'goes through', seen: shown(messageOf(error), 300), expected: 'no error' });
        throw error;
      } finally {
        say(`   ${time(performance.now() - began)}  ${what}`);
        for (const line of wrapped(claims)) say(`              ${line}`);
        for (const { claim, seen, expected } of failed)
          say(`            ✗ ${claim}: expected ${expected}, seen ${seen}`);
        failures.push(...failed);
      }
    },
  };
}

/** Each field that is expected is there; lists agree in length and order. */
export function fits(seen: unknown, expected: unknown): boolean {
  if (Array.isArray(expected))
    return (
      Array.isArray(seen) && seen.length === expected.length && expected.every((value, at) => fits(seen[at], value))
    );
  if (typeof expected === 'object' && expected !== null)
    return (
      typeof seen === 'object' &&
      seen !== null &&
      Object.entries(expected).every(([key, value]) => fits((seen as Record<string, unknown>)[key], value))
    );
  return isDeepStrictEqual(seen, expected);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const time = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`).padStart(8);

interface Range {
  readonly prefix: string;
  readonly width: number;
  readonly first: number;
  readonly last: number;
}

/** JSON without its noise, for people: 40 EA, IP000001–IP000040, 409 lot-on-hold. */
function plain(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(plain).join(', ');
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  if ('prefix' in value && 'first' in value) return rangeText(value as Range);
  if ('status' in value && 'code' in value) return `${plain(value.status)} ${plain(value.code)}`;
  if ('value' in value && 'unit' in value) return `${plain(value.value)} ${plain(value.unit)}`;
  if ('value' in value) return plain(value.value);
  return Object.entries(value)
    .map(([key, inner]) => (UNSPOKEN.has(key) ? plain(inner) : `${key} ${plain(inner)}`))
    .join(' ');
}

/** Fields whose values speak for themselves. */
const UNSPOKEN: ReadonlySet<string> = new Set(['lot', 'quantity', 'serials', 'code', 'detail', 'location', 'system']);

function rangeText({ prefix, width, first, last }: Range): string {
  const text = (n: number) => prefix + String(n).padStart(width, '0');
  return first === last ? text(first) : `${text(first)}–${text(last)}`;
}

const WIDTH = 118;

/** One fact, or an answer whose lines stay as they are. */
type Claim = string | Parameters<Step['show']>;

/** Facts share lines as far as these reach. */
function wrapped(claims: readonly Claim[]): string[] {
  const lines: string[] = [];
  let isOpen = false;
  for (const claim of claims) {
    const last = lines.at(-1) ?? '';
    if (typeof claim !== 'string') lines.push(claim[0], ...claim[1].map((line) => `  ${line}`));
    else if (isOpen && last.length + claim.length + 3 <= WIDTH) lines[lines.length - 1] = `${last} · ${claim}`;
    else lines.push(claim);
    isOpen = typeof claim === 'string';
  }
  return lines;
}
