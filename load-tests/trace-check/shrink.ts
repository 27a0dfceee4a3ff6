import type { Happening } from '../generator/world.ts';
import { compare, type Mismatch, type Question, type TraceQuestion } from './compare.ts';

/** The shortest history found that still shows the same kind of mismatch about the same question. */
export function shrink(happenings: readonly Happening[], mismatch: Mismatch, seed: number): [Happening[], Mismatch] {
  const { scope } = mismatch;
  const isTrace = scope !== null && scope.roots.some((root) => typeof root !== 'string');
  const questions = scope && !isTrace ? [scope as Question] : [];
  const traces = scope && isTrace ? [scope as TraceQuestion] : [];
  let [history, shown] = [[...happenings], mismatch];
  for (let size = Math.ceil(history.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < history.length;) {
      const part = new Set(history.slice(at, at + size).filter(({ what }) => !NAMES.has(what)));
      const rest = tidy(history.filter((one) => !part.has(one)));
      const found = rest.length < history.length ? compare(rest, questions, seed, traces) : [];
      const same = found.find(({ about, lot }) => about === mismatch.about && lot === mismatch.lot);
      if (same) [history, shown] = [rest, same];
      else at += size;
    }
  return [history, shown];
}

/** Who is who stays known as long as anybody speaks of it: without that the two would answer different questions. */
const NAMES: ReadonlySet<string> = new Set<Happening['what']>(['lot', 'alias']);

function tidy(history: readonly Happening[]): Happening[] {
  const rest = JSON.stringify(history.filter(({ what }) => !NAMES.has(what)));
  return history.filter((one) => (one.what !== 'lot' && one.what !== 'alias') || rest.includes(`"${one.lot}"`));
}
