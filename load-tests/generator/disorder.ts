import type { Told } from './publish.ts';
import type { Random } from './random.ts';

export interface Disorder {
  /** Share of messages that come later than they should. */
  readonly late: number;
  /** Share of messages that come twice. */
  readonly twice: number;
  /** So many may be on their way at once. */
  readonly most: number;
}

/** As a reader of six partitions and a relay that retries sees them: late, out of order, repeated; none is lost. */
export function* disorder(told: Iterable<Told>, random: Random, { late, twice, most }: Disorder): Generator<Told> {
  const waiting: Told[] = [];
  const next = (): Told | undefined => {
    const index = random.below(waiting.length);
    const last = waiting.pop();
    const chosen = waiting[index];
    if (chosen === undefined || last === undefined) return last;
    waiting[index] = last;
    return chosen;
  };
  for (const message of told) {
    if (random.chance(late)) waiting.push(message);
    else yield message;
    if (random.chance(twice)) waiting.push(message);
    const released = waiting.length > most || random.chance(late + twice) ? next() : undefined;
    if (released) yield released;
  }
  for (let message = next(); message; message = next()) yield message;
}
