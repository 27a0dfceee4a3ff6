import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';

/** What is wrong with a document or an event, and where (JSON pointer). */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface EpcisSchema {
  /** Everything of a document but its events. */
  readonly envelopeFaults: (document: unknown) => readonly Fault[];
  /** One event as it stands in a document. */
  readonly eventFaults: (event: unknown) => readonly Fault[];
}

const ID = 'https://gs1.github.io/EPCIS/EPCIS-JSON-Schema.json';
/** A document can be wrong in a million places; the first few tell what to do. */
const TOLD = 5;

/** The standard's own JSON Schema (EPCIS 2.0, licence beside it), read from disk: nothing is ever fetched. */
export function openSchema(): EpcisSchema {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true });
  formats.default(ajv);
  const text = readFileSync(new URL('./standard/EPCIS-JSON-Schema.json', import.meta.url), 'utf8');
  ajv.addSchema(JSON.parse(text) as object);
  const envelope = ajv.compile({ $ref: `${ID}#/definitions/epcisDocument` });
  const event = ajv.compile({ $ref: `${ID}#/definitions/EPCIS-Document-Event` });
  return {
    envelopeFaults: (document) => (envelope(document) ? [] : faults(envelope.errors)),
    eventFaults: (candidate) => (event(candidate) ? [] : faults(event.errors)),
  };
}

const faults = (errors: readonly ErrorObject[] | null | undefined): Fault[] =>
  // The alternatives of an `anyOf` come before the `if` that chose them; the last ones only repeat that it failed.
  [...new Map((errors ?? []).map((error) => [sentence(error), { path: error.instancePath, message: sentence(error) }])).values()].slice(0, TOLD); // prettier-ignore

const sentence = ({ message, params, instancePath }: ErrorObject): string => {
  const named: unknown = params['additionalProperty'] ?? params['propertyName'] ?? params['allowedValues'];
  const more = named === undefined ? '' : ` (${JSON.stringify(named).slice(0, 100)})`;
  return `${instancePath === '' ? 'it' : instancePath} ${message ?? 'is not valid'}${more}`;
};
