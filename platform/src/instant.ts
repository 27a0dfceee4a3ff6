/** A moment in UTC as ISO 8601 with milliseconds and `Z`; sorts as text. */
export type Instant = string & { readonly brand: 'Instant' };

export const instant = (date: Date): Instant => date.toISOString() as Instant;

/** NaN if it is none. The form that we write ourselves is read here: Date.parse takes ten times as long. */
export function milliseconds(moment: string): number {
  if (moment.length !== LENGTH || !hasMarks(moment)) return Date.parse(moment);
  const year = two(moment, 0) * 100 + two(moment, 2);
  const [month, day, hour, minute, second] = [two(moment, 5), two(moment, 8), two(moment, 11), two(moment, 14), two(moment, 17)]; // prettier-ignore
  const thousandths = two(moment, 20) * 10 + digit(moment, 22);
  const isEveryMonths = month >= 1 && month <= 12 && day >= 1 && day <= 28;
  // What only some months have, what has no digits (NaN) and hour 24 are left to Date.parse.
  if (!(isEveryMonths && year >= 1 && hour <= 23 && minute <= 59 && second <= 59 && thousandths >= 0))
    return Date.parse(moment);
  return ((daysBefore(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + thousandths;
}

/** So many seconds after a moment. */
export const later = (moment: string, seconds: number): Instant =>
  instant(new Date(milliseconds(moment) + seconds * 1_000));

/** Calendar date of a moment as seen on the wall of a site. `timeZone` is an IANA name; a RangeError tells an unknown one. */
export function localDate(moment: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(new Date(moment));
}

const LENGTH = '2026-01-01T00:00:00.000Z'.length;

const hasMarks = (text: string): boolean =>
  text[4] === '-' &&
  text[7] === '-' &&
  text[10] === 'T' &&
  text[13] === ':' &&
  text[16] === ':' &&
  text[19] === '.' &&
  text[23] === 'Z';

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

/** Days since 1970-01-01 in the Gregorian calendar; counted from March, so that a leap day is the last of its year. */
function daysBefore(year: number, month: number, day: number): number {
  const since = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leaps = Math.floor(since / 4) - Math.floor(since / 100) + Math.floor(since / 400);
  return since * 365 + leaps + Math.floor((153 * months + 2) / 5) + day - 719_469;
}
