import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fullName, type NamedSchema, type RecordSchema, type Schema } from '../src/schema.ts';
import type { Topics } from '../src/topic.ts';

export type SourceRecord = {
  readonly topic: string;
  readonly record: string;
  readonly name: string;
  readonly schema: RecordSchema;
};
export type Source = { readonly shared: ReadonlyMap<string, NamedSchema>; readonly records: readonly SourceRecord[] };

/** Reads the schema sources and holds them against the table of topics: each says exactly what the other says. */
export function readSource(avro: string, topics: Topics): Source {
  const shared = new Map(
    schemaFiles(join(avro, 'types')).map((file) => {
      const schema = readSchema(file);
      return [fullName(schema), schema] as const;
    }),
  );
  const records = Object.entries(topics).flatMap(([topic, { records: names }]) => {
    const [owner = '', aggregate = ''] = topic.split('.');
    return names.map((record) => readRecord(avro, topic, owner, aggregate, record));
  });
  refuseStrays(avro, records);
  return { shared, records };
}

function readRecord(avro: string, topic: string, owner: string, aggregate: string, record: string): SourceRecord {
  const schema = readSchema(join(avro, owner, aggregate, `${record}.avsc`));
  const name = `lotwarden.${owner}.${aggregate}.${record}`.replaceAll('-', '_');
  if (schema.type !== 'record' || fullName(schema) !== name) {
    throw new Error(`${topic}: ${record}.avsc must be a record named ${name}, it is ${fullName(schema)}`);
  }
  return { topic, record, name, schema };
}

function refuseStrays(avro: string, records: readonly SourceRecord[]): void {
  const known = new Set(
    records.map(({ topic, record }) => [...topic.split('.').slice(0, 2), `${record}.avsc`].join('/')),
  );
  const strays = schemaFiles(avro)
    .map((file) => relative(avro, file))
    .filter((file) => !/^(types|history)\//.test(file) && !known.has(file));
  if (strays.length > 0) throw new Error(`on no topic in topics.ts: ${strays.join(', ')}`);
}

export const schemaFiles = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.avsc'))
    .map((file) => join(directory, file))
    .sort();

function readSchema(file: string): NamedSchema {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as NamedSchema;
  if (schema.name !== basename(file, '.avsc')) throw new Error(`${file}: the file is named after its record`);
  if (schema.namespace === undefined) throw new Error(`${dirname(file)}/${schema.name}: no namespace`);
  return schema;
}

/** One schema that stands alone: a shared type is written out where it is used first, and named where it is used again. */
export function compose({ schema }: SourceRecord, shared: ReadonlyMap<string, NamedSchema>): RecordSchema {
  const written = new Set<string>();
  const open: string[] = [];
  const record = (named: RecordSchema): RecordSchema => {
    const name = fullName(named);
    if (open.includes(name)) throw new Error(`${name}: a type within itself`);
    written.add(name);
    open.push(name);
    const fields = named.fields.map((field) => ({ ...field, type: walk(field.type) }));
    open.pop();
    return { ...named, fields };
  };
  const walk = (type: Schema): Schema => {
    if (typeof type === 'string') {
      const named = shared.get(type);
      if (named === undefined) return type;
      if (open.includes(type)) throw new Error(`${type}: a type within itself`);
      if (written.has(type)) return type;
      if (named.type === 'record') return record(named);
      written.add(type);
      return named;
    }
    if ('type' in type) return type.type === 'array' ? { ...type, items: walk(type.items) } : type;
    return type.map(walk);
  };
  return record(schema);
}
