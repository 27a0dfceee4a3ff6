import { normalised } from './epc-forms.ts';
import { isObject, objectsOf, textsOf, written, type Json, type JsonObject } from './json.ts';
import { expanded, namespacesOf, type Namespaces } from './namespaces.ts';
import { bare, bareGs1 } from './terms.ts';

/** One number or moment (milliseconds) that an event carries under a name, with its unit where it has one. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** What an event is found by: `name=value` for everything that is equal or not, figures for what is less or more. */
export interface Indexed {
  readonly words: readonly string[];
  readonly figures: readonly Figure[];
}

/** Fields of the standard by which events are found; ids in their one form, words of the vocabulary bare. */
export function indexEvent(event: JsonObject): Indexed {
  const namespaces = namespacesOf(event['@context']);
  const words = new Set<string>();
  const figures: Figure[] = [];
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'string' && value !== '') words.add(`${name}=${value}`);
  };
  const figure = (name: string, value: unknown, unit = ''): void => {
    const number = typeof value === 'string' ? Date.parse(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) figures.push({ name, unit, value: number });
  };
  const epcs = (names: readonly string[], field: string): void => {
    for (const epc of textsOf(event[field])) for (const name of names) add(name, normalised(epc));
  };

  add('eventType', event['type']);
  add('action', event['action']);
  add('bizStep', typeof event['bizStep'] === 'string' ? bare('bizStep', event['bizStep']) : '');
  add('disposition', typeof event['disposition'] === 'string' ? bare('disposition', event['disposition']) : '');
  const persistent = isObject(event['persistentDisposition']) ? event['persistentDisposition'] : {};
  for (const part of ['set', 'unset'])
    for (const word of textsOf(persistent[part])) add(`persistentDisposition_${part}`, bare('disposition', word));
  for (const place of ['readPoint', 'bizLocation']) add(place, placeOf(event[place]));
  add('transformationID', typeof event['transformationID'] === 'string' ? normalised(event['transformationID']) : '');

  epcs(['epc', 'anyEPC'], 'epcList');
  epcs(['epc', 'anyEPC'], 'childEPCs');
  epcs(['inputEPC', 'anyEPC'], 'inputEPCList');
  epcs(['outputEPC', 'anyEPC'], 'outputEPCList');
  if (typeof event['parentID'] === 'string')
    for (const name of ['parentID', 'anyEPC']) add(name, normalised(event['parentID']));
  for (const [field, name] of QUANTITIES)
    for (const item of objectsOf(event[field])) {
      const epcClass = typeof item['epcClass'] === 'string' ? normalised(item['epcClass']) : '';
      add(name, epcClass);
      add('anyEPCClass', epcClass);
      figure('quantity', item['quantity'], written(item['uom'] ?? ''));
    }
  for (const item of objectsOf(event['bizTransactionList']))
    add(
      `bizTransaction_${bare('bizTransaction', written(item['type'] ?? ''))}`,
      normalised(written(item['bizTransaction'])),
    );
  for (const part of ['source', 'destination'])
    for (const item of objectsOf(event[`${part}List`]))
      add(`${part}_${bare('sourceDestination', written(item['type']))}`, normalised(written(item[part])));

  const declaration = event['errorDeclaration'];
  if (isObject(declaration)) {
    add('errorDeclaration', 'true');
    figure('errorDeclarationTime', declaration['declarationTime']);
    if (typeof declaration['reason'] === 'string') add('errorReason', bare('errorReason', declaration['reason']));
    for (const id of textsOf(declaration['correctiveEventIDs'])) add('correctiveEventID', id);
  }
  if (isObject(event['ilmd'])) master(event['ilmd'], 'ILMD', namespaces, { add, figure });
  for (const element of objectsOf(event['sensorElementList'])) sensors(element, { add, figure });
  return { words: [...words], figures };
}

interface Index {
  readonly add: (name: string, value: unknown) => void;
  readonly figure: (name: string, value: unknown, unit?: string) => void;
}

const QUANTITIES = [
  ['quantityList', 'epcClass'],
  ['childQuantityList', 'epcClass'],
  ['inputQuantityList', 'inputEPCClass'],
  ['outputQuantityList', 'outputEPCClass'],
] as const;

const placeOf = (place: Json | undefined): string =>
  isObject(place) && typeof place['id'] === 'string' ? normalised(place['id']) : '';

/** Master data of the lot or unit: the fields themselves as ILMD, what is inside them as INNER_ILMD. */
function master(fields: JsonObject, kind: string, namespaces: Namespaces, index: Index): void {
  for (const [name, value] of Object.entries(fields)) {
    const field = `${kind}_${fullName(name, namespaces)}`;
    index.add('exists', field);
    for (const one of Array.isArray(value) ? (value as Json[]) : [value ?? null]) {
      if (isObject(one)) master(one, 'INNER_ILMD', namespaces, index);
      else if (one !== null) {
        index.add(field, written(one));
        index.figure(field, one);
      }
    }
  }
}

/** `cbvmda:lotNumber` → `urn:epcglobal:cbv:mda:lotNumber`; a name whose prefix nobody defined stays as it is. */
export function fullName(name: string, namespaces: Namespaces): string {
  const found = expanded(name, namespaces);
  return found ? found.namespace + found.local : name;
}

const REPORTED = ['deviceID', 'dataProcessingMethod', 'microorganism', 'chemicalSubstance', 'bizRules', 'stringValue', 'hexBinaryValue', 'uriValue', 'booleanValue']; // prettier-ignore
const MEASURED = ['value', 'minValue', 'maxValue', 'meanValue', 'sDev', 'percValue', 'percRank'];
const MOMENTS = ['startTime', 'endTime', 'time'];

function sensors(element: JsonObject, { add, figure }: Index): void {
  const metadata = isObject(element['sensorMetadata']) ? element['sensorMetadata'] : {};
  const reports = objectsOf(element['sensorReport']);
  for (const report of reports) if (typeof report['type'] === 'string') add('type', bareGs1(report['type']));
  for (const part of [metadata, ...reports]) {
    for (const name of REPORTED) if (part[name] !== undefined) add(name, normalised(written(part[name])));
    for (const name of MOMENTS) figure(name, part[name]);
    for (const name of MEASURED)
      if (typeof part[name] === 'number') figure(name, part[name], written(part['uom'] ?? ''));
  }
}
