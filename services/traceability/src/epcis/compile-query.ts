import { Rejected } from '@lotwarden/platform/errors';
import { normalised } from './epc-forms.ts';
import { fullName } from './index-event.ts';
import type { Namespaces } from './namespaces.ts';
import { bare, bareGs1 } from './terms.ts';

/** A condition on stored events, as MongoDB asks. */
export type Condition = Readonly<Record<string, unknown>>;

export interface Order {
  readonly field: 'eventTime' | 'recordTime';
  readonly direction: 1 | -1;
}

export interface CompiledQuery {
  readonly conditions: readonly Condition[];
  readonly order: Order;
  /** Not more than these, the first in the order. */
  readonly eventCountLimit: number | undefined;
  /** If there are more, no answer at all. */
  readonly maxEventCount: number | undefined;
}

export type Parameters = Readonly<Record<string, string>>;

const SAME = (text: string): string => text;
const VOCABULARY = {
  EQ_bizStep: (text: string) => bare('bizStep', text),
  EQ_disposition: (text: string) => bare('disposition', text),
  EQ_persistentDisposition_set: (text: string) => bare('disposition', text),
  EQ_persistentDisposition_unset: (text: string) => bare('disposition', text),
  EQ_errorReason: (text: string) => bare('errorReason', text),
  EQ_type: bareGs1,
  EQ_action: SAME,
  EQ_eventID: SAME,
  EQ_correctiveEventID: SAME,
  EQ_stringValue: SAME,
  EQ_hexBinaryValue: SAME,
  EQ_booleanValue: SAME,
  EQ_readPoint: normalised,
  EQ_bizLocation: normalised,
  EQ_transformationID: normalised,
  EQ_deviceID: normalised,
  EQ_dataProcessingMethod: normalised,
  EQ_microorganism: normalised,
  EQ_chemicalSubstance: normalised,
  EQ_bizRules: normalised,
  EQ_uriValue: normalised,
} as const satisfies Readonly<Record<string, (text: string) => string>>;

const MATCHES = ['epc', 'parentID', 'inputEPC', 'outputEPC', 'anyEPC', 'epcClass', 'inputEPCClass', 'outputEPCClass', 'anyEPCClass']; // prettier-ignore
const TIMES = ['eventTime', 'recordTime'];
const FIGURE_TIMES = ['errorDeclarationTime', 'startTime', 'endTime'];
const MEASURED = '(?:value|minValue|maxValue|meanValue|sDev|percValue|quantity)';
const OPERATORS: Readonly<Record<string, string>> = { EQ: '$eq', GT: '$gt', GE: '$gte', LT: '$lt', LE: '$lte' };
const CONTROLS = ['orderBy', 'orderDirection', 'eventCountLimit', 'maxEventCount'];

/** Every parameter by its name, for the documentation; those with a tail of their own end in an underscore. */
export const PARAMETERS: readonly string[] = [
  'eventType',
  ...TIMES.flatMap((name) => [`GE_${name}`, `LT_${name}`]),
  ...Object.keys(VOCABULARY),
  'WD_readPoint',
  'WD_bizLocation',
  ...MATCHES.map((name) => `MATCH_${name}`),
  'EQ_bizTransaction_',
  'EQ_source_',
  'EQ_destination_',
  'EQ_quantity',
  'GT_quantity',
  'GE_quantity',
  'LT_quantity',
  'LE_quantity',
  'EXISTS_errorDeclaration',
  ...FIGURE_TIMES.flatMap((name) => [`GE_${name}`, `LT_${name}`]),
  'EXISTS_ILMD_',
  'EQ_ILMD_',
  'GE_value_',
  ...CONTROLS,
];

/**
 * What the query language of EPCIS 2.0 (8.2.7) asks of stored events: all conditions hold, of a list separated by bars one
 * is enough. Throws `epcis-parameter-unsupported` (501) for a parameter that we do not know, `epcis-parameter-invalid` (400)
 * for a value that does not fit it.
 */
export function compileQuery(parameters: Parameters, namespaces: Namespaces): CompiledQuery {
  const conditions = Object.entries(parameters)
    .filter(([name]) => !CONTROLS.includes(name))
    .map(([name, value]) => conditionOf(name, value, namespaces));
  const { orderBy, orderDirection = 'DESC' } = parameters;
  const eventCountLimit = countIn(parameters, 'eventCountLimit');
  const maxEventCount = countIn(parameters, 'maxEventCount');
  if (orderBy !== undefined && orderBy !== 'eventTime' && orderBy !== 'recordTime')
    throw new Rejected('epcis-parameter-unsupported', { parameter: `orderBy=${orderBy}` });
  if (orderDirection !== 'ASC' && orderDirection !== 'DESC') throw invalid('orderDirection', 'ASC or DESC');
  if (eventCountLimit !== undefined && orderBy === undefined) throw invalid('eventCountLimit', 'an orderBy beside it');
  if (eventCountLimit !== undefined && maxEventCount !== undefined)
    throw invalid('eventCountLimit', 'no maxEventCount beside it');
  const direction = orderBy !== undefined && orderDirection === 'DESC' ? -1 : 1;
  return { conditions, order: { field: orderBy ?? 'recordTime', direction }, eventCountLimit, maxEventCount };
}

function countIn(parameters: Parameters, name: string): number | undefined {
  const text = parameters[name];
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid(name, 'a whole number above 0');
  return Number(text);
}

const invalid = (parameter: string, expected: string): Rejected =>
  new Rejected('epcis-parameter-invalid', { parameter, expected });

function conditionOf(name: string, value: string, namespaces: Namespaces): Condition {
  if (name === 'eventType') return anyWord('eventType', value, SAME);
  if (Object.hasOwn(VOCABULARY, name))
    return anyWord(name.slice(3), value, VOCABULARY[name as keyof typeof VOCABULARY]);
  if (name === 'EXISTS_errorDeclaration') return exists('errorDeclaration=true', name, value);
  if (name === 'WD_readPoint' || name === 'WD_bizLocation') return within(name.slice(3), value);
  const matched = /^MATCH_(\w+)$/.exec(name)?.[1];
  if (matched !== undefined && MATCHES.includes(matched)) return matching(matched, name, value);
  const related = /^EQ_((bizTransaction|source|destination)_(.+))$/.exec(name);
  if (related) return anyWord(relation(related[2] ?? '', related[3] ?? ''), value, normalised);
  return figureCondition(name, value) ?? masterCondition(name, value, namespaces) ?? unsupported(name);
}

const unsupported = (parameter: string): never => {
  throw new Rejected('epcis-parameter-unsupported', { parameter });
};

const relation = (kind: string, type: string): string =>
  `${kind}_${bare(kind === 'bizTransaction' ? 'bizTransaction' : 'sourceDestination', type)}`;

const listed = (value: string): string[] => value.split('|').filter((part) => part !== '');

function anyWord(name: string, value: string, form: (text: string) => string): Condition {
  const words = listed(value).map((part) => `${name}=${form(part)}`);
  if (words.length === 0) throw invalid(name, 'at least one value');
  return { 'state.words': { $in: words } };
}

function exists(word: string, name: string, value: string): Condition {
  if (value !== 'true' && value !== 'false' && value !== '') throw invalid(name, 'true or false');
  return value === 'false' ? { 'state.words': { $ne: word } } : { 'state.words': word };
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** A place and what lies in it, as far as ids say so: a location's GLN with any extension. */
function within(name: string, value: string): Condition {
  const parts = listed(value);
  if (parts.length === 0) throw invalid(`WD_${name}`, 'at least one id');
  return {
    $or: parts.flatMap((part) => {
      const place = `${name}=${normalised(part)}`;
      return [{ 'state.words': place }, { 'state.words': { $regex: `^${escaped(place)}/254/` } }];
    }),
  };
}

/** An id, or the pattern of all units or lots of a GTIN. */
function matching(name: string, parameter: string, value: string): Condition {
  const parts = listed(value);
  if (parts.length === 0) throw invalid(parameter, 'at least one id');
  const wanted = parts.map((part) => {
    const link = normalised(part);
    // A pattern that stays a URN asks for all items of a company; where its prefix ends cannot be seen in what is stored.
    if (link.includes('*')) return unsupported(`${parameter}=${part}`);
    if (!part.startsWith('urn:epc:idpat:')) return { 'state.words': `${name}=${link}` };
    return { 'state.words': { $regex: `^${escaped(`${name}=${link}`)}(/|$)` } };
  });
  const [only] = wanted;
  return wanted.length === 1 && only ? only : { $or: wanted };
}

function figureCondition(name: string, value: string): Condition | undefined {
  const [, operation = '', field = '', unit] =
    new RegExp(`^(EQ|GT|GE|LT|LE)_(${MEASURED}|percRank)(?:_([A-Z0-9]{2,4}))?$`).exec(name) ?? [];
  if (field !== '') {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number)) throw invalid(name, 'a number');
    return figure(field, operation, number, unit);
  }
  const [, comparison = '', moment = ''] = /^(GE|LT)_(\w+)$/.exec(name) ?? [];
  if (TIMES.includes(moment)) return { [`state.${moment}`]: { [operator(comparison)]: instant(name, value) } };
  if (FIGURE_TIMES.includes(moment)) return figure(moment, comparison, Date.parse(instant(name, value)));
  return undefined;
}

const operator = (operation: string): string => OPERATORS[operation] ?? '$eq';

const figure = (name: string, operation: string, value: number, unit?: string): Condition => ({
  'state.figures': {
    $elemMatch: { name, ...(unit === undefined ? {} : { unit }), value: { [operator(operation)]: value } },
  },
});

function instant(name: string, value: string): string {
  const at = /(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalid(name, 'a time with its zone, like 2026-11-01T08:00:00Z');
  return new Date(at).toISOString();
}

/** Master data of lots and units, by full name or with a prefix that the standard or the caller defines. */
function masterCondition(name: string, value: string, namespaces: Namespaces): Condition | undefined {
  const [, operation = '', kind = '', field = ''] = /^(EQ|GT|GE|LT|LE|EXISTS)_((?:INNER_)?ILMD)_(.+)$/.exec(name) ?? [];
  if (field === '') return undefined;
  const full = `${kind}_${fullName(field, namespaces).replace('#', ':')}`;
  if (operation === 'EXISTS') return exists(`exists=${full}`, name, value);
  if (operation === 'EQ') return anyWord(full, value, SAME);
  const number = /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : Date.parse(value);
  if (Number.isNaN(number)) throw invalid(name, 'a number or a date');
  return figure(full, operation, number);
}
