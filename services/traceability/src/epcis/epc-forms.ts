import { gs1CheckDigit as checkDigit } from '@lotwarden/platform/ids';

/**
 * Identifiers of things, places and parties in their two forms: EPC URN (TDS 2.0) and GS1 Digital Link URI (1.2).
 * Inside we keep the canonical Digital Link, as every URN has one. The way back needs the length of the company prefix,
 * which a Digital Link does not carry: it goes only for prefixes that somebody told us.
 */

/** How one kind of URN becomes a Digital Link. */
interface Scheme {
  readonly urn: string;
  readonly ai: string;
  /** Digits of company prefix and reference together, without check digit; none where the reference is free text. */
  readonly digits?: number;
  /** The first digit of the reference (indicator, extension) stands before the prefix in the key. */
  readonly leading?: boolean;
  /** A zero before the key: GRAI in AI 8003. */
  readonly zero?: boolean;
  /** Where the serial goes: behind another AI, or straight behind the key. */
  readonly serial?: { readonly ai: string } | 'appended';
  /** Says that there is no serial at all: the 0 of an SGLN. */
  readonly without?: string;
}

const SCHEMES: readonly Scheme[] = [
  { urn: 'urn:epc:id:sgtin:', ai: '01', digits: 13, leading: true, serial: { ai: '21' } },
  { urn: 'urn:epc:class:lgtin:', ai: '01', digits: 13, leading: true, serial: { ai: '10' } },
  { urn: 'urn:epc:id:upui:', ai: '01', digits: 13, leading: true, serial: { ai: '235' } },
  { urn: 'urn:epc:idpat:sgtin:', ai: '01', digits: 13, leading: true, serial: { ai: '' } },
  { urn: 'urn:epc:idpat:upui:', ai: '01', digits: 13, leading: true, serial: { ai: '' } },
  { urn: 'urn:epc:id:sscc:', ai: '00', digits: 17, leading: true },
  { urn: 'urn:epc:id:sgln:', ai: '414', digits: 12, serial: { ai: '254' }, without: '0' },
  { urn: 'urn:epc:id:pgln:', ai: '417', digits: 12 },
  { urn: 'urn:epc:id:grai:', ai: '8003', digits: 12, zero: true, serial: 'appended' },
  { urn: 'urn:epc:idpat:grai:', ai: '8003', digits: 12, zero: true, serial: { ai: '' } },
  { urn: 'urn:epc:id:giai:', ai: '8004' },
  { urn: 'urn:epc:id:gsrn:', ai: '8018', digits: 17 },
  { urn: 'urn:epc:id:gsrnp:', ai: '8017', digits: 17 },
  { urn: 'urn:epc:id:gdti:', ai: '253', digits: 12, serial: 'appended' },
  { urn: 'urn:epc:idpat:gdti:', ai: '253', digits: 12, serial: { ai: '' } },
  { urn: 'urn:epc:id:sgcn:', ai: '255', digits: 12, serial: 'appended' },
  { urn: 'urn:epc:idpat:sgcn:', ai: '255', digits: 12, serial: { ai: '' } },
  { urn: 'urn:epc:id:ginc:', ai: '401' },
  { urn: 'urn:epc:id:gsin:', ai: '402', digits: 16 },
];

/** What follows a key in a constrained canonical Digital Link: the finest qualifier only (CBV 2.0, event hash, rule 18). */
const QUALIFIERS: Readonly<Record<string, readonly string[]>> = {
  '00': [],
  '01': ['21', '235', '10'],
  '253': [],
  '255': [],
  '401': [],
  '402': [],
  '414': ['254'],
  '417': [],
  '8003': [],
  '8004': [],
  '8006': ['21', '10'],
  '8010': ['8011'],
  '8017': [],
  '8018': [],
};

/** What a key must look like; a page of a shop with /01/ in its path is no Digital Link. */
const KEYS: Readonly<Record<string, RegExp>> = {
  '00': /^\d{18}$/,
  '01': /^(\d{8}|\d{12,14})$/,
  '253': /^\d{13}[^/]{0,17}$/,
  '255': /^\d{13}\d{0,12}$/,
  '401': /^[^/]{1,30}$/,
  '402': /^\d{17}$/,
  '414': /^\d{13}$/,
  '417': /^\d{13}$/,
  '8003': /^\d{14}[^/]{0,16}$/,
  '8004': /^[^/]{1,30}$/,
  '8006': /^\d{18}$/,
  '8010': /^[^/]{1,30}$/,
  '8017': /^\d{18}$/,
  '8018': /^\d{18}$/,
};

const CANONICAL = 'https://id.gs1.org/';
const COMPANY_PREFIX = /^\d{6,12}$/;

/** Digital Link 1.2, table 7-1, and what a path cannot hold; `;` and `=` may stay. */
const encoded = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll(/[!()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3B', ';')
    .replaceAll('%3D', '=');

/** Undefined where a % is not followed by the hex digits of UTF-8. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The canonical Digital Link of an EPC URN or of any Digital Link; undefined for what is neither. */
export const toDigitalLink = (uri: string): string | undefined =>
  uri.startsWith('urn:epc:') ? fromUrn(uri) : /^https?:\/\//.test(uri) ? canonical(uri) : undefined;

/** The form in which ids are compared and stored: canonical Digital Link where there is one, else the id as it is. */
export const normalised = (uri: string): string => toDigitalLink(uri) ?? uri;

function fromUrn(uri: string): string | undefined {
  if (uri.startsWith('urn:epc:id:itip:')) return fromItip(uri.slice('urn:epc:id:itip:'.length));
  if (uri.startsWith('urn:epc:id:cpi:')) return fromCpi(uri.slice('urn:epc:id:cpi:'.length));
  const scheme = SCHEMES.find(({ urn }) => uri.startsWith(urn));
  if (!scheme) return undefined;
  const [prefix = '', ...rest] = uri.slice(scheme.urn.length).split('.');
  if (!COMPANY_PREFIX.test(prefix)) return undefined;
  if (scheme.digits === undefined) {
    const reference = decoded(rest.join('.'));
    return reference === undefined || reference === '' ? undefined : link(scheme.ai, prefix + reference);
  }
  const [reference = '', ...serials] = rest;
  if (!/^\d*$/.test(reference) || prefix.length + reference.length !== scheme.digits) return undefined;
  const body = scheme.leading === true ? reference.slice(0, 1) + prefix + reference.slice(1) : prefix + reference;
  const bare = (scheme.zero === true ? '0' : '') + body;
  const key = bare + checkDigit(bare);
  if (scheme.serial === undefined) return serials.length === 0 ? CANONICAL + `${scheme.ai}/${key}` : undefined;
  const serial = decoded(serials.join('.'));
  if (serial === undefined || serial === '') return undefined;
  if (serial === scheme.without) return CANONICAL + `${scheme.ai}/${key}`;
  if (scheme.serial === 'appended') return link(scheme.ai, key + serial);
  if (scheme.serial.ai === '') return serial === '*' ? CANONICAL + `${scheme.ai}/${key}` : undefined;
  return `${CANONICAL}${scheme.ai}/${key}/${scheme.serial.ai}/${encoded(serial)}`;
}

const link = (ai: string, key: string): string => `${CANONICAL}${ai}/${encoded(key)}`;

/** prefix.itemRef.piece.total.serial */
function fromItip(text: string): string | undefined {
  const parts = /^(\d{6,12})\.(\d+)\.(\d\d)\.(\d\d)\.(.+)$/.exec(text);
  const [, prefix = '', reference = '', piece = '', total = '', rest = ''] = parts ?? [];
  const serial = decoded(rest);
  if (!parts || serial === undefined || prefix.length + reference.length !== 13) return undefined;
  const bare = reference.slice(0, 1) + prefix + reference.slice(1);
  return `${CANONICAL}8006/${bare}${checkDigit(bare)}${piece}${total}/21/${encoded(serial)}`;
}

/** prefix.partReference.serial */
function fromCpi(text: string): string | undefined {
  const parts = /^(\d{6,12})\.([^.]+)\.(\d{1,12})$/.exec(text);
  const [, prefix = '', rest = '', serial = ''] = parts ?? [];
  const reference = decoded(rest);
  return parts && reference !== undefined ? `${link('8010', prefix + reference)}/8011/${serial}` : undefined;
}

/** Any domain, any order of attributes: the canonical domain, the key and its finest qualifier (rule 18). */
function canonical(uri: string): string | undefined {
  const path = uri.replace(/[?#].*$/s, '').replace(/^https?:\/\/[^/]*/, '');
  const segments = path.split('/').slice(1);
  for (let at = segments.length - 2; at >= 0; at -= 1) {
    const ai = segments[at] ?? '';
    const qualifiers = Object.hasOwn(QUALIFIERS, ai) ? QUALIFIERS[ai] : undefined;
    if (!qualifiers || (segments.length - at) % 2 !== 0) continue;
    const key = decoded(segments[at + 1] ?? '');
    if (key === undefined || !KEYS[ai]?.test(key)) continue;
    const pairs = new Map<string, string>();
    for (let next = at + 2; next < segments.length; next += 2)
      pairs.set(segments[next] ?? '', segments[next + 1] ?? '');
    if (![...pairs.keys()].every((name) => /^\d{2,4}$/.test(name))) continue;
    const finest = qualifiers.find((name) => pairs.has(name));
    const value = finest === undefined ? undefined : decoded(pairs.get(finest) ?? '');
    if (finest !== undefined && (value === undefined || value === '')) return undefined;
    const whole = ai === '01' ? key.padStart(14, '0') : key;
    const tail = finest === undefined || value === undefined ? '' : `/${finest}/${encoded(value)}`;
    return `${link(ai, whole)}${tail}`;
  }
  return undefined;
}

/** What the URN encodes of a serial: TDS 2.0, table A-1 leaves letters, digits and these as they are. */
const urnEncoded = (text: string): string =>
  [...text]
    .map((char) =>
      /[A-Za-z0-9!'()*+,\-.:;=_]/.test(char)
        ? char
        : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

/**
 * The EPC URN of a Digital Link, if one of `prefixes` (GS1 company prefixes, digits) begins its key; else undefined, as
 * nobody can see in a key where its company prefix ends. A GTIN alone becomes the pattern of all its units.
 */
export function toUrn(uri: string, prefixes: readonly string[]): string | undefined {
  const parts = /^https:\/\/id\.gs1\.org\/(\d{2,4})\/([^/]+)(?:\/(\d{2,4})\/([^/]+))?$/.exec(toDigitalLink(uri) ?? '');
  const [, ai = '', rawKey = '', qualifier, rawValue] = parts ?? [];
  const key = decoded(rawKey);
  const value = rawValue === undefined ? undefined : decoded(rawValue);
  if (!parts || key === undefined) return undefined;
  const scheme = SCHEMES.find((one) => one.ai === ai && fits(one, qualifier, key));
  if (!scheme) return undefined;
  const { digits } = scheme;
  if (digits === undefined) {
    const prefix = longest(prefixes, key);
    return prefix === undefined ? undefined : `${scheme.urn}${prefix}.${urnEncoded(key.slice(prefix.length))}`;
  }
  const start = scheme.zero === true ? 1 : 0;
  const bare = key.slice(start, start + digits);
  const body = scheme.leading === true ? bare.slice(1) : bare;
  const prefix = longest(prefixes, body);
  if (prefix === undefined) return undefined;
  const reference = (scheme.leading === true ? bare.slice(0, 1) : '') + body.slice(prefix.length);
  const serial = scheme.serial === 'appended' ? key.slice(start + digits + 1) : (value ?? scheme.without ?? '*');
  const tail =
    scheme.serial === undefined ? '' : `.${serial === '*' && value === undefined ? '*' : urnEncoded(serial)}`;
  return `${scheme.urn}${prefix}.${reference}${tail}`;
}

/** Which of the schemes with the same key this is. */
function fits({ serial, without, digits, zero }: Scheme, qualifier: string | undefined, key: string): boolean {
  if (serial === undefined) return qualifier === undefined;
  if (serial === 'appended') return key.length > (digits ?? 0) + (zero === true ? 2 : 1);
  if (qualifier === undefined) return without !== undefined || serial.ai === '';
  return serial.ai === qualifier;
}

const longest = (prefixes: readonly string[], digits: string): string | undefined =>
  prefixes
    .filter((prefix) => COMPANY_PREFIX.test(prefix) && digits.startsWith(prefix))
    .sort((a, b) => b.length - a.length)[0];
