import type { ScanElement } from './scan-element.ts';

/** ANSI/HIBC 2.6, table of the modulo-43 check character. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';

export function hibcCheck(text: string): string | undefined {
  let sum = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) return undefined;
    sum += value;
  }
  return ALPHABET[sum % ALPHABET.length];
}

/** How a date behind `$$` is written, by the digit before it; 0 and 1 are already of the month in MMYY. */
const DATES: Readonly<Record<string, readonly [length: number, form: string]>> = {
  '2': [6, 'MMDDYY'],
  '3': [6, 'YYMMDD'],
  '4': [8, 'YYMMDDHH'],
  '5': [5, 'YYJJJ'],
  '6': [7, 'YYJJJHH'],
};

/** Primary, secondary or both in one symbol; undefined for what is no HIBC or fails its check character. */
export function readHibc(text: string): ScanElement[] | undefined {
  if (text.length < 4 || hibcCheck(text.slice(0, -1)) !== text.at(-1)) return undefined;
  const body = text.slice(1, -1);
  // A secondary alone ends in the check character of the primary that it belongs to, before its own.
  if (/^(\$|\d{5})/.test(body)) return secondary(body.slice(0, -1));
  const [primary = '', ...further] = body.split('/');
  const parts = /^([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})(\d)$/.exec(primary);
  if (!parts) return undefined;
  const [, labeler = '', product = '', unit = ''] = parts;
  return [
    field('LIC', 'LABELER', labeler),
    field('PCN', 'PRODUCT', product),
    field('U', 'UNIT OF MEASURE', unit),
    ...further.flatMap((part, at) => (at === 0 && /^[$\d]/.test(part) ? secondary(part) : supplement(part))),
  ];
}

const field = (ai: string, title: string, value: string): ScanElement => ({ ai, title, value, fault: null });

function secondary(text: string): ScanElement[] {
  const [, lead = '', rest = ''] = /^(\${0,2}\+?)(.*)$/.exec(text) ?? [];
  const named = (value: string) => (lead.endsWith('+') ? some('S', 'SERIAL', value) : some('L', 'LOT', value));
  if (!lead.startsWith('$$')) {
    // Without a sign: five digits of a Julian date, then the lot.
    const date = lead === '' ? rest.slice(0, 5) : '';
    return [...some('EXP', 'EXPIRY YYJJJ', date), ...named(rest.slice(date.length))];
  }
  const quantity = /^(?:8(\d{2})|9(\d{5}))/.exec(rest);
  const after = rest.slice(quantity?.[0].length ?? 0);
  const count = some('Q', 'QUANTITY', quantity?.[1] ?? quantity?.[2] ?? '');
  const sign = after.slice(0, 1);
  const known = DATES[sign];
  const none = sign === '7' || !/^\d/.test(after);
  const [length, form, from] = known ? [known[0], known[1], 1] : none ? [0, '', sign === '7' ? 1 : 0] : [4, 'MMYY', 0];
  return [
    ...count,
    ...some('EXP', `EXPIRY ${form}`, after.slice(from, from + length)),
    ...named(after.slice(from + length)),
  ];
}

/** Data behind a further slash, by its ANSI MH10.8.2 identifier. */
function supplement(text: string): ScanElement[] {
  const [, ai = '', value = ''] = /^(\d{0,2}[A-Z])(.*)$/.exec(text) ?? [];
  const titles: Readonly<Record<string, string>> = {
    S: 'SERIAL',
    '16D': 'MANUFACTURED YYYYMMDD',
    '14D': 'EXPIRY YYYYMMDD',
  };
  return some(ai, titles[ai] ?? '', value);
}

const some = (ai: string, title: string, value: string): ScanElement[] =>
  value === '' ? [] : [field(ai, title, value)];
