import { toDigitalLink, toUrn } from './epc-forms.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

export type EpcFormat = 'Always_GS1_Digital_Link' | 'Always_EPC_URN' | 'No_Preference';

/** Texts in which an id would be something else: what was captured under this name is no id of a thing or place. */
const NOT_IDS: readonly string[] = ['@context', 'eventID', 'correctiveEventIDs', 'type', 'ilmd'];

/** Ids that have no form of the wanted kind, as nobody told us how long their company prefix is. */
export interface Rendered {
  readonly event: JsonObject;
  readonly unconvertible: readonly string[];
}

/** An event with its ids in the form that the caller wants. Ids that are no GS1 keys have one form only and stay. */
export function render(event: JsonObject, format: EpcFormat, prefixes: readonly string[]): Rendered {
  if (format === 'No_Preference') return { event, unconvertible: [] };
  const unconvertible = new Set<string>();
  const id = (text: string): string => {
    const link = toDigitalLink(text);
    if (link === undefined || format === 'Always_GS1_Digital_Link') return link ?? text;
    if (text.startsWith('urn:epc:')) return text;
    const urn = toUrn(text, prefixes);
    if (urn === undefined) unconvertible.add(text);
    return urn ?? text;
  };
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return id(value);
    if (Array.isArray(value)) return (value as Json[]).map(walk);
    return isObject(value) ? object(value) : value;
  };
  const object = (holder: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(holder).map(([name, value]) => [
        name,
        value === undefined || NOT_IDS.includes(name) ? value : walk(value),
      ]),
    );
  return { event: object(event), unconvertible: [...unconvertible] };
}
