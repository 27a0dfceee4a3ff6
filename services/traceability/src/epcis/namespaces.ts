import { isObject, listOf, type Json } from './json.ts';

/** Prefix → namespace. */
export type Namespaces = Readonly<Record<string, string>>;

/** What the standard's own context defines; contexts are never fetched. */
const STANDARD: Namespaces = {
  epcis: 'https://ref.gs1.org/epcis/',
  cbv: 'https://ref.gs1.org/cbv/',
  cbvmda: 'urn:epcglobal:cbv:mda:',
  gs1: 'https://gs1.org/voc/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  owl: 'http://www.w3.org/2002/07/owl#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  dcterms: 'http://purl.org/dc/terms/',
};

/** Prefixes that a document's or event's `@context` defines in itself, over those already known. */
export function namespacesOf(context: Json | undefined, known: Namespaces = STANDARD): Namespaces {
  const parts = isObject(context) ? [context] : listOf(context).filter(isObject);
  const own = parts.flatMap((part) =>
    Object.entries(part).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return { ...known, ...Object.fromEntries(own.filter(([prefix]) => !prefix.startsWith('@'))) };
}

/** `example:field` → `https://ns.example.com/` and `field`; undefined for a name without a prefix we know. */
export function expanded(name: string, namespaces: Namespaces): { namespace: string; local: string } | undefined {
  const colon = name.indexOf(':');
  if (colon < 1) return undefined;
  const prefix = name.slice(0, colon);
  const namespace = Object.hasOwn(namespaces, prefix) ? namespaces[prefix] : undefined;
  return namespace === undefined ? undefined : { namespace, local: name.slice(colon + 1) };
}
