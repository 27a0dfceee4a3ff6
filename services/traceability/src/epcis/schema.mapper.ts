import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Fault } from './fault.ts';

export interface EpcisSchema {
  /** Everything of a document but its events. */
  readonly envelopeFaults: (document: unknown) => readonly Fault[];
  /** One event as it stands in a document. */
  readonly eventFaults: (event: unknown) => readonly Fault[];
}

const ID = 'https://gs1.github.io/EPCIS/EPCIS-JSON-Schema.json';
/** A document can be wrong in a million places; the first few tell what to do. */
const TOLD = 5;

type Compiled = Readonly<Record<'envelope' | 'event', ValidateFunction>>;

/**
 * The standard's own JSON Schema (EPCIS 2.0, licence beside it), read from disk: nothing is ever fetched. Compiled at its
 * first use: that takes longer than the rest of a start, and most starts see no capture for a while.
 */
export function openSchema(): EpcisSchema {
  let compiled: Compiled | undefined;
  const checks = (): Compiled => (compiled ??= compile());
  return {
    envelopeFaults: (document) => faultsOf(checks().envelope, document),
    eventFaults: (candidate) => faultsOf(checks().event, candidate),
  };
}

function compile(): Compiled {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true });
  formats.default(ajv);
  const text = readFileSync(new URL('./standard/EPCIS-JSON-Schema.json', import.meta.url), 'utf8');
  ajv.addSchema(JSON.parse(text) as object);
  return {
    envelope: ajv.compile({ $ref: `${ID}#/definitions/epcisDocument` }),
    event: ajv.compile({ $ref: `${ID}#/definitions/EPCIS-Document-Event` }),
  };
}

const faultsOf = (check: ValidateFunction, candidate: unknown): readonly Fault[] =>
  check(candidate) ? [] : faults(check.errors);

const faults = (errors: readonly ErrorObject[] | null | undefined): Fault[] =>
  // The alternatives of an `anyOf` come before the `if` that chose them; the last ones only repeat that it failed.
  [...new Map((errors ?? []).map((error) => [sentence(error), { path: error.instancePath, message: sentence(error) }])).values()].slice(0, TOLD); // prettier-ignore

const sentence = ({ message, params, instancePath }: ErrorObject): string => {
  const named: unknown = params['additionalProperty'] ?? params['propertyName'] ?? params['allowedValues'];
  const more = named === undefined ? '' : ` (${JSON.stringify(named).slice(0, 100)})`;
  return `${instancePath === '' ? 'it' : instancePath} ${message ?? 'is not valid'}${more}`;
};
