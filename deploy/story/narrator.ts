import { isDeepStrictEqual } from 'node:util';

/** A claim of the story beside what the services answered. Objects are compared by the fields that are expected. */
export type Check = (claim: string, seen: unknown, expected: unknown) => void;

export interface Step {
  readonly check: Check;
  /** Something worth knowing that nobody can be wrong about. */
  readonly tell: (fact: string) => void;
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
  /** Claims that held. */
  readonly held: () => number;
  readonly failures: () => readonly Failure[];
}

/** Tells the story to people: what happened, how long it took, and what was read back. Goes on after a failed claim. */
export function createNarrator(say: (line: string) => void): Narrator {
  const failures: Failure[] = [];
  let held = 0;
  let acts = 0;

  return {
    say,
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
      const claims: string[] = [];
      const failed: Failure[] = [];
      const check: Check = (claim, seen, expected) => {
        if (fits(seen, expected)) {
          held += 1;
          claims.push(`✓ ${claim}: ${shown(expected)}`);
        } else failed.push({ step: what, claim, seen: shown(seen, 600), expected: shown(expected, 600) });
      };
      try {
        return await run({ check, tell: (fact) => claims.push(fact) });
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

function shown(value: unknown, limit = 90): string {
  const text = plain(value);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** JSON without its noise, for people. */
function plain(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(plain).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${plain(inner)}`)
      .join(' ');
  return JSON.stringify(value);
}

const WIDTH = 118;

function wrapped(claims: readonly string[]): string[] {
  const lines: string[] = [];
  for (const claim of claims) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + claim.length + 3 <= WIDTH) lines[lines.length - 1] = `${last} · ${claim}`;
    else lines.push(claim);
  }
  return lines;
}
