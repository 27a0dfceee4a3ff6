import { avroType } from '../src/avro-type.ts';
import { fullName, type RecordSchema, type Schema } from '../src/schema.ts';

/**
 * FULL_TRANSITIVE, offline: every released version reads what the new one writes, and the new one what each of them
 * wrote. Says what is wrong; nothing where all is well.
 */
export function incompatibilities(
  now: RecordSchema,
  before: readonly { version: number; schema: RecordSchema }[],
): string[] {
  return before.flatMap(({ version, schema }) => [
    ...unreadable(now, schema).map((why) => `cannot read what version ${version} wrote: ${why}`),
    ...unreadable(schema, now).map((why) => `version ${version} could not read it: ${why}`),
    ...changedTypes(schema, now).map((why) => `against version ${version}: ${why}`),
  ]);
}

function unreadable(reader: RecordSchema, writer: RecordSchema): string[] {
  try {
    avroType(reader).createResolver(avroType(writer));
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** What a resolver may let through although it changes what the bytes mean: decimals, logical types, enum symbols. */
function changedTypes(before: RecordSchema, now: RecordSchema): string[] {
  const was = leaves(before);
  return [...leaves(now)].flatMap(([path, type]) => {
    const old = was.get(path);
    return old === undefined || old === type ? [] : [`${path} was ${old}, now ${type}`];
  });
}

function leaves(root: RecordSchema): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const named = new Map<string, Schema>();
  const walk = (schema: Schema, path: string): void => {
    if (typeof schema === 'string') {
      const known = named.get(schema);
      if (known !== undefined) walk(known, path);
      else found.set(path, schema);
    } else if (!('type' in schema)) {
      for (const branch of schema) if (branch !== 'null') walk(branch, path);
    } else if (schema.type === 'array') {
      walk(schema.items, `${path}[]`);
    } else if (schema.type === 'record') {
      named.set(fullName(schema), schema);
      for (const field of schema.fields) walk(field.type, `${path}.${field.name}`);
    } else if (schema.type === 'enum') {
      named.set(fullName(schema), schema);
      found.set(path, `enum ${schema.symbols.join(' ')}`);
    } else {
      found.set(path, `${schema.logicalType}(${String(schema.precision)}, ${String(schema.scale)})`);
    }
  };
  walk(root, root.name);
  return found;
}

const NAME = /^[A-Za-z][A-Za-z0-9]*$/;
const RECORD_NAME = /^[A-Z][A-Za-z0-9]*$/;

/** What every schema of this house must keep to, so that generated types, samples and stock clients can rely on it. */
export function lint(root: RecordSchema): string[] {
  const wrong: string[] = [];
  const walk = (schema: Schema, path: string): void => {
    if (typeof schema === 'string') {
      if (['float', 'double', 'bytes', 'fixed', 'map'].includes(schema))
        wrong.push(`${path}: ${schema} has no place here`);
    } else if (!('type' in schema)) {
      if (schema.length !== 2 || schema[0] !== 'null') wrong.push(`${path}: a union is [null, type]`);
      schema.forEach((branch) => walk(branch, path));
    } else if (schema.type === 'array') {
      walk(schema.items, `${path}[]`);
    } else if (schema.type === 'record') {
      if (!RECORD_NAME.test(schema.name)) wrong.push(`${path}: ${schema.name} is no record name`);
      if (schema.doc === undefined) wrong.push(`${path}: ${schema.name} does not say what it is (doc)`);
      if ([schema, ...schema.fields].some((named) => 'aliases' in named)) wrong.push(`${path}: no aliases: names stay`);
      if (schema.fields.length === 0) wrong.push(`${path}: no fields`);
      for (const field of schema.fields) {
        const here = `${path}.${field.name}`;
        if (!NAME.test(field.name)) wrong.push(`${here}: is no field name`);
        const optional = Array.isArray(field.type) || (typeof field.type === 'object' && 'items' in field.type);
        if (optional && !('default' in field)) wrong.push(`${here}: null unions and arrays have a default`);
        walk(field.type, here);
      }
    } else if (schema.type !== 'enum') {
      const { logicalType, precision = 0, scale } = schema;
      const known =
        logicalType === 'timestamp-millis' || (logicalType === 'decimal' && precision > 0 && scale !== undefined);
      if (!known) wrong.push(`${path}: ${JSON.stringify(schema)} is not known here`);
    }
  };
  walk(root, root.name);
  return wrong;
}
