import { fullName, type RecordSchema, type Schema } from '../src/schema.ts';

/** A value made from the schema alone, the same every time: every union filled, one item in every array. */
export function sampleOf(root: RecordSchema): Record<string, unknown> {
  const named = new Map<string, Schema>();
  const value = (schema: Schema, name: string): unknown => {
    if (typeof schema === 'string')
      return named.has(schema) ? value(named.get(schema) as Schema, name) : primitive(schema, name);
    if (!('type' in schema)) return value(schema[1] as Schema, name);
    switch (schema.type) {
      case 'record':
        named.set(fullName(schema), schema);
        return Object.fromEntries(schema.fields.map((field) => [field.name, value(field.type, field.name)]));
      case 'enum':
        named.set(fullName(schema), schema);
        return schema.symbols[0];
      case 'array':
        return [value(schema.items, name)];
      default:
        return schema.logicalType === 'decimal' ? '1042.5' : '2026-11-01T08:00:00.000Z';
    }
  };
  return value(root, root.name) as Record<string, unknown>;
}

function primitive(type: string, name: string): unknown {
  switch (type) {
    case 'string':
      return `${name} 批`;
    case 'boolean':
      return true;
    case 'int':
      return 7;
    case 'long':
      return Number.MAX_SAFE_INTEGER;
    default:
      throw new Error(`no sample of ${type}`);
  }
}
