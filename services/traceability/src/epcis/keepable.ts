import { decoded } from './epc-forms.ts';
import type { Statement } from './goods-in-event.ts';
import { written, type JsonObject } from './json.ts';
import type { Fault } from './fault.ts';

/** Digits before the point of a quantity of ours: decimal(28, 9). */
const WHOLE_DIGITS = 19;

const TIMES = ['eventTime', 'recordTime'] as const;

/**
 * What the standard's schema lets through and no book of ours could hold: found before an event is taken, as afterwards
 * it would stop the capture in the middle, or whoever reads the event.
 */
export function unkeepable(event: JsonObject, { goods, parent }: Statement): Fault[] {
  const found: Fault[] = [];
  for (const field of TIMES)
    if (event[field] !== undefined && !isInstant(written(event[field])))
      found.push({
        path: `/${field}`,
        message: `/${field} must be a moment of the years 1 to 9999, to a second from 00 to 59`,
      });
  for (const { id, quantity } of goods) {
    if (quantity && !fits(quantity.value))
      found.push({
        path: '',
        message: `the quantity of ${id} must be a number of at most ${WHOLE_DIGITS} digits before the point, not below 0`,
      });
    if (!isDecodable(id))
      found.push({ path: '', message: `${id} has a % that is not followed by UTF-8 in hex digits` });
  }
  if (parent !== null && !isDecodable(parent))
    found.push({ path: '/parentID', message: '/parentID has a % that is not followed by UTF-8 in hex digits' });
  return found;
}

/** A leap second is none to ECMAScript; a year that an offset moves past 9999 or below 1 is written in another form. */
function isInstant(text: string): boolean {
  const moment = Date.parse(text);
  return !Number.isNaN(moment) && /^(?!0000)\d{4}-/.test(new Date(moment).toISOString());
}

const fits = (value: string): boolean => new RegExp(`^\\d{1,${WHOLE_DIGITS}}(\\.\\d{1,9})?$`).test(value);

const isDecodable = (id: string): boolean => decoded(id) !== undefined;
