import { createHash } from 'node:crypto';
import { normalised } from './epc-forms.ts';
import { isObject, listOf, objectsOf, textsOf, written, type Json, type JsonObject } from './json.ts';
import { expanded, type Namespaces } from './namespaces.ts';
import { webUri, webUriGs1 } from './terms.ts';

/**
 * The event hash id of CBV 2.0: a name made of what an event says, so that the same event has the same name whoever
 * computes it, in whatever order and form it is written. Rules by number as in the standard.
 */
export const eventHashId = (event: JsonObject, namespaces: Namespaces): string =>
  `ni:///sha-256;${createHash('sha256').update(preHash(event, namespaces), 'utf8').digest('hex')}?ver=CBV2.0`;

/** Left out: they say nothing of what happened (rule 4 and the canonical order). */
const LEFT_OUT: readonly string[] = ['eventID', 'recordTime', 'type', 'errorDeclaration', '@context', 'rdfs:comment'];

const STANDARD: readonly string[] = [
  'eventTime',
  'eventTimeZoneOffset',
  'certificationInfo',
  'epcList',
  'parentID',
  'inputEPCList',
  'childEPCs',
  'quantityList',
  'childQuantityList',
  'inputQuantityList',
  'outputEPCList',
  'outputQuantityList',
  'action',
  'transformationID',
  'bizStep',
  'disposition',
  'persistentDisposition',
  'readPoint',
  'bizLocation',
  'bizTransactionList',
  'sourceList',
  'destinationList',
  'sensorElementList',
  'ilmd',
];

/** What the hash is made of, in the canonical order, without anything between the parts (rules 1 and 2). */
export function preHash(event: JsonObject, namespaces: Namespaces): string {
  const say = speaker(namespaces);
  const field = (name: string): string => {
    const value = event[name];
    return value === undefined || value === null ? '' : say.standard(name, value);
  };
  const own = Object.keys(event).filter((name) => !STANDARD.includes(name) && !LEFT_OUT.includes(name));
  return [`eventType=${written(event['type'])}`, ...STANDARD.map(field), ...say.extensions(event, own)].join('');
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (parts: readonly string[]): string => [...parts].sort(byCode).join('');

const METADATA: readonly string[] = [
  'time',
  'startTime',
  'endTime',
  'deviceID',
  'deviceMetadata',
  'rawData',
  'dataProcessingMethod',
  'bizRules',
];
const REPORT: readonly string[] = [
  'type',
  'exception',
  'deviceID',
  'deviceMetadata',
  'rawData',
  'dataProcessingMethod',
  'time',
  'microorganism',
  'chemicalSubstance',
  'value',
  'component',
  'stringValue',
  'booleanValue',
  'hexBinaryValue',
  'uriValue',
  'minValue',
  'maxValue',
  'meanValue',
  'sDev',
  'percRank',
  'percValue',
  'uom',
  'coordinateReferenceSystem',
];

function speaker(namespaces: Namespaces) {
  function standard(name: string, value: Json): string {
    switch (name) {
      case 'eventTime':
        return `${name}=${utc(written(value))}`;
      case 'bizStep':
        return `${name}=${webUri('bizStep', written(value).trim())}`;
      case 'disposition':
        return `${name}=${webUri('disposition', written(value).trim())}`;
      case 'epcList':
      case 'inputEPCList':
      case 'outputEPCList':
      case 'childEPCs':
        return listed(name, textsOf(value).map((epc) => `epc=${scalar(epc)}`)); // prettier-ignore
      case 'quantityList':
      case 'childQuantityList':
      case 'inputQuantityList':
      case 'outputQuantityList':
        return listed(name, objectsOf(value).map(quantityElement));
      case 'persistentDisposition':
        return isObject(value) ? listed(name, ['set', 'unset'].map((part) => dispositions(part, value[part]))) : ''; // prettier-ignore
      case 'readPoint':
      case 'bizLocation':
        return isObject(value) ? `${name}${fields(value, ['id'])}` : '';
      case 'bizTransactionList':
        return listed(name, objectsOf(value).map((item) => typed(item, 'bizTransaction', 'bizTransaction'))); // prettier-ignore
      case 'sourceList':
        return listed(name, objectsOf(value).map((item) => typed(item, 'source', 'sourceDestination'))); // prettier-ignore
      case 'destinationList':
        return listed(name, objectsOf(value).map((item) => typed(item, 'destination', 'sourceDestination'))); // prettier-ignore
      case 'sensorElementList':
        return listed(name, objectsOf(value).map(sensorElement));
      case 'ilmd':
        return isObject(value) ? listed(name, extensions(value, Object.keys(value))) : '';
      case 'certificationInfo':
        return sorted(
          (Array.isArray(value) ? textsOf(value) : [written(value)]).map((one) => `${name}=${scalar(one)}`),
        );
      default:
        return `${name}=${scalar(value)}`;
    }
  }

  const quantityElement = (item: JsonObject): string =>
    `quantityElement${fields(item, ['epcClass', 'quantity', 'uom'])}`;

  const dispositions = (part: string, value: Json | undefined): string =>
    sorted(textsOf(value).map((word) => `${part}=${webUri('disposition', word)}`));

  /** Rule 13: the type follows what it is the type of. */
  const typed = (item: JsonObject, name: string, vocabulary: 'bizTransaction' | 'sourceDestination'): string =>
    `${name}=${scalar(item[name] ?? '')}${typeof item['type'] === 'string' ? `type=${webUri(vocabulary, item['type'])}` : ''}`;

  const sensorElement = (item: JsonObject): string => {
    const { sensorMetadata, sensorReport, ...rest } = item;
    return [
      'sensorElement',
      isObject(sensorMetadata) ? `sensorMetadata${fields(sensorMetadata, METADATA)}` : '',
      sorted(objectsOf(sensorReport).map((report) => `sensorReport${fields(report, REPORT)}`)),
      sorted(extensions(rest, Object.keys(rest))),
    ].join('');
  };

  /** Standard fields in their order, then the extensions (rule 21). */
  function fields(item: JsonObject, order: readonly string[]): string {
    const known = order.map((name) => {
      const value = item[name];
      return value === undefined || value === null ? '' : `${name}=${fieldValue(name, value)}`;
    });
    const own = Object.keys(item).filter((name) => !order.includes(name) && !LEFT_OUT.includes(name));
    return known.join('') + sorted(extensions(item, own));
  }

  function fieldValue(name: string, value: Json): string {
    if (/^(time|startTime|endTime)$/.test(name)) return utc(written(value));
    if (name === 'type' || name === 'exception') return webUriGs1(written(value));
    if (name === 'component') return webUri('component', written(value));
    return scalar(value);
  }

  /** Rules 19 and 20: names with their full namespace in braces, in the order of their characters. */
  const extensions = (holder: JsonObject, names: readonly string[]): string[] =>
    names
      .filter((name) => !LEFT_OUT.includes(name) || name === 'type')
      .flatMap((name) => extension(name, holder[name]))
      .sort(byCode);

  function extension(name: string, value: Json | undefined): string[] {
    if (value === undefined) return [];
    if (Array.isArray(value)) return listOf(value).flatMap((item) => extension(name, item));
    if (isObject(value)) return [`${qualified(name)}${extensions(value, Object.keys(value)).join('')}`];
    const text = value === null ? '' : scalar(value);
    return [`${qualified(name)}${text === '' ? '' : `=${text}`}`];
  }

  const qualified = (name: string): string => {
    const found = expanded(name, namespaces);
    // In XML the namespace of master data has no colon at its end, and both forms must give one hash.
    return found ? `{${found.namespace.replace(/^(urn:epcglobal:cbv:mda):$/, '$1')}}${found.local}` : name;
  };

  function scalar(value: Json): string {
    if (typeof value !== 'string') return plainNumber(written(value));
    const text = value.trim();
    const curie = text.startsWith('urn:') || /^https?:/.test(text) ? undefined : expanded(text, namespaces);
    const whole = curie ? curie.namespace + curie.local : text;
    return plainNumber(normalised(oldTerm(whole)));
  }

  return { standard, extensions };
}

const listed = (name: string, parts: readonly string[]): string => {
  const said = parts.filter((part) => part !== '');
  return said.length === 0 ? '' : `${name}${sorted(said)}`;
};

/** Rule 14, for words of the vocabulary in fields that are not of the standard. */
const oldTerm = (text: string): string => {
  if (!text.startsWith('urn:epcglobal:cbv:')) return text;
  for (const vocabulary of ['bizStep', 'disposition', 'bizTransaction', 'sourceDestination', 'errorReason'] as const) {
    const web = webUri(vocabulary, text);
    if (web !== text) return web;
  }
  return text;
};

/** Rule 6: 200.50 → 200.5, 1.0 → 1. */
const plainNumber = (text: string): string =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? String(Number(text)) : text;

/** Rules 8 and 9: UTC, to the millisecond. A text that is no time stays as it is. */
function utc(text: string): string {
  const parts = /^(.*:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/i.exec(text.trim());
  if (!parts) return text.trim();
  const [, whole = '', fraction = '0', zone = 'Z'] = parts;
  const at = Date.parse(`${whole}${zone}`);
  return Number.isNaN(at) ? text.trim() : new Date(at + Math.round(Number(`0.${fraction}`) * 1000)).toISOString();
}
