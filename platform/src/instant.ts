/** A moment in UTC as ISO 8601 with milliseconds and `Z`; sorts as text. */
export type Instant = string & { readonly brand: 'Instant' };

export const instant = (date: Date): Instant => date.toISOString() as Instant;

export const milliseconds = (moment: string): number => Date.parse(moment);

/** Calendar date of a moment as seen on the wall of a site. `timeZone` is an IANA name; a RangeError tells an unknown one. */
export function localDate(moment: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(new Date(moment));
}
