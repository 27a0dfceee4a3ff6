/** When a subscription is told, by the fields of EPCIS 2.0 (8.2.5.3), in UTC. A field left out is any. */
export interface Schedule {
  readonly minute?: string | undefined;
  readonly hour?: string | undefined;
  readonly dayOfMonth?: string | undefined;
  readonly month?: string | undefined;
  readonly dayOfWeek?: string | undefined;
}

const LIMITS = { minute: [0, 59], hour: [0, 23], dayOfMonth: [1, 31], month: [1, 12], dayOfWeek: [1, 7] } as const;

const MINUTE = 60_000;
/** A leap day comes within eight years. */
const FURTHEST = 8 * 366 * 24 * 60 * MINUTE;

/** `5`, `1,3`, `[1-5]` → the numbers; undefined for what is none of these. */
function numbers(text: string, [least, most]: readonly [number, number]): number[] | undefined {
  const found: number[] = [];
  for (const part of text.split(',')) {
    const [, first, last] = /^\s*\[?(\d{1,2})(?:-(\d{1,2}))?\]?\s*$/.exec(part) ?? [];
    if (first === undefined) return undefined;
    const [from, to] = [Number(first), Number(last ?? first)];
    if (from < least || to > most || to < from) return undefined;
    for (let n = from; n <= to; n += 1) found.push(n);
  }
  return found;
}

/** The first whole minute after a moment (milliseconds) at which it is time; undefined if there never is one. */
export function nextTime(schedule: Schedule, after: number): number | undefined {
  const wanted = Object.entries(LIMITS).map(([name, limits]) => {
    const text = schedule[name as keyof Schedule];
    return { name, allowed: text === undefined ? null : numbers(text, limits) };
  });
  if (wanted.some(({ allowed }) => allowed === undefined)) return undefined;
  let at = Math.floor(after / MINUTE) * MINUTE + MINUTE;
  while (at <= after + FURTHEST) {
    const moment = new Date(at);
    const now: Readonly<Record<string, number>> = {
      minute: moment.getUTCMinutes(),
      hour: moment.getUTCHours(),
      dayOfMonth: moment.getUTCDate(),
      month: moment.getUTCMonth() + 1,
      // Monday is 1, Sunday 7.
      dayOfWeek: moment.getUTCDay() === 0 ? 7 : moment.getUTCDay(),
    };
    const misses = (name: string) => wanted.some((one) => one.name === name && !(one.allowed?.includes(now[name] ?? -1) ?? true)); // prettier-ignore
    if (misses('month') || misses('dayOfMonth') || misses('dayOfWeek'))
      at = Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate() + 1); // prettier-ignore
    else if (misses('hour')) at += 60 * MINUTE - (at % (60 * MINUTE));
    else if (misses('minute')) at += MINUTE;
    else return at;
  }
  return undefined;
}
