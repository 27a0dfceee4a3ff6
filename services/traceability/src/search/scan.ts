import { gs1CheckDigit } from '@lotwarden/platform/ids';
import { toDigitalLink } from '../epcis/epc-forms.ts';
import { endsByLength, faultOf, identifierOf, leadingIdentifier } from './application-identifiers.ts';
import { readHibc } from './hibc.ts';
import type { ScanElement } from './scan-element.ts';

/** What a scanned text says. */
export interface Scan {
  readonly form: 'element-string' | 'bracketed' | 'digital-link' | 'epc-urn' | 'hibc' | 'key';
  readonly elements: readonly ScanElement[];
}

/** Group separator: what scanners send for FNC1. */
const GS = '\u001d';
/** Words that scanners and files use instead, as nobody sees the character. */
const SPELLED = /\{GS\}|<GS>|\{FNC1\}|<FNC1>|\\x1d|\\u001d|\u241d|\u00e8/gi;
/** Symbologies that carry element strings: GS1 DataMatrix, GS1-128, GS1 QR, DataBar, GS1 DotCode (section 5.1.2). */
const SYMBOLOGY = /^\](d2|C1|Q3|e0|J1)/;

/**
 * What a scanned text says: GS1 element strings (with FNC1 or in brackets), Digital Links, EPC URNs, HIBC, bare GTINs and
 * SSCCs. Undefined for a text that is none of these, and is a plain name.
 */
export function readScan(text: string): Scan | undefined {
  const plain = text.trim();
  if (/^https?:\/\//i.test(plain)) return fromLink(plain, 'digital-link');
  if (/^urn:epc:/i.test(plain)) {
    const link = toDigitalLink(plain);
    return link === undefined ? undefined : fromLink(link, 'epc-urn');
  }
  if (/^\(\d{2,4}\)/.test(plain)) return { form: 'bracketed', elements: bracketed(plain) };
  if (plain.startsWith('+') && !/\s/.test(plain)) {
    const elements = readHibc(plain);
    if (elements) return { form: 'hibc', elements };
  }
  return elementString(plain) ?? bareKey(plain);
}

const element = (ai: string, value: string): ScanElement => ({
  ai,
  title: identifierOf(ai)?.title ?? '',
  value,
  fault: faultOf(ai, value),
});

/** The value of the first faultless element with one of these AIs. */
export const said = ({ elements }: Scan, ...ais: readonly string[]): string | undefined =>
  elements.find(({ ai, fault }) => fault === null && ais.includes(ai))?.value;

function elementString(text: string): Scan | undefined {
  const caret = /^(\]..)?\^/.test(text);
  const spelled = text.replaceAll(SPELLED, GS);
  const whole = caret ? spelled.replaceAll('^', GS) : spelled;
  const bare = whole.replace(SYMBOLOGY, '').replace(new RegExp(`^${GS}`), '');
  const marked = SYMBOLOGY.test(whole) || whole.includes(GS);
  const elements = elementsOf(bare);
  // Digits alone may be anybody's number: only what is right to the last check digit is taken for an element string.
  const convincing =
    elements.length > 0 &&
    elements.every(({ fault }) => fault === null) &&
    elements[0] !== undefined &&
    identifierOf(elements[0].ai)?.check === 'key';
  return marked || convincing ? { form: 'element-string', elements } : undefined;
}

function elementsOf(text: string): ScanElement[] {
  const elements: ScanElement[] = [];
  let rest = text;
  while (rest !== '') {
    const ai = leadingIdentifier(rest);
    if (ai === undefined) return [...elements, { ai: '', title: '', value: rest, fault: 'ai-unknown' }];
    const behind = rest.slice(ai.length);
    const separator = behind.indexOf(GS);
    const length = endsByLength(ai) ? (identifierOf(ai)?.most ?? 0) : separator === -1 ? behind.length : separator;
    elements.push(element(ai, behind.slice(0, length)));
    rest = behind.slice(length).replace(new RegExp(`^${GS}`), '');
  }
  return elements;
}

/** `(01)09520123456788(10)ABC1`; brackets around what is no AI are part of the value. */
function bracketed(text: string): ScanElement[] {
  const marks = [...text.matchAll(/\((\d{2,4})\)/g)].filter(
    (mark) => mark.index === 0 || identifierOf(mark[1] ?? '') !== undefined,
  );
  return marks.map((mark, n) =>
    element(mark[1] ?? '', text.slice(mark.index + mark[0].length, marks[n + 1]?.index).trim()),
  );
}

/** AIs that may begin a Digital Link (Digital Link 1.2, section 4.3). */
const PRIMARY: ReadonlySet<string> = new Set([
  ...['00', '01', '253', '255', '401', '402', '414', '417', '8003', '8004', '8006', '8010', '8013', '8017', '8018'],
]);

function fromLink(link: string, form: Scan['form']): Scan | undefined {
  if (!URL.canParse(link)) return undefined;
  const { pathname, searchParams } = new URL(link);
  const segments = pathname.split('/').slice(1).map(decoded);
  const start = segments.findIndex((segment, at) => PRIMARY.has(segment) && (segments.length - at) % 2 === 0);
  if (start === -1) return undefined;
  const pairs = segments
    .slice(start)
    .flatMap((ai, at, all): [string, string][] => (at % 2 === 0 ? [[ai, all[at + 1] ?? '']] : []));
  const attributes = [...searchParams].filter(([name]) => /^\d{2,4}$/.test(name));
  const elements = [...pairs, ...attributes].map(([ai, value]) =>
    element(ai, ai === '01' && /^\d{8,13}$/.test(value) ? value.padStart(14, '0') : value),
  );
  return { form, elements };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

/** Digits with the right last one may be a GTIN (8, 12, 13 or 14 of them) or an SSCC (18). */
function bareKey(text: string): Scan | undefined {
  if (!/^(\d{8}|\d{12,14}|\d{18})$/.test(text) || gs1CheckDigit(text.slice(0, -1)) !== text.slice(-1)) return undefined;
  return {
    form: 'key',
    elements: [text.length === 18 ? element('00', text) : element('01', text.padStart(14, '0'))],
  };
}
