/**
 * What a schema says to a reader, as one text: full names, no documentation, defaults and logical types kept, members in
 * one order. Two schemas with the same normal form read and write the same; stock serializers send the same schema with
 * other spacing, order or spelling (`{"type": "string"}` for `"string"`). Throws a TypeError on what is no schema of the
 * kinds that contracts use, so it may be given what a stranger sent.
 */
export const normalForm = (schema: unknown): string => JSON.stringify(normal(schema, ''));

const PRIMITIVE: ReadonlySet<unknown> = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);

type Attributes = Readonly<Record<string, unknown>>;

function normal(schema: unknown, namespace: string): unknown {
  if (typeof schema === 'string') return PRIMITIVE.has(schema) ? schema : qualified(schema, namespace);
  if (Array.isArray(schema)) return schema.map((branch) => normal(branch, namespace));
  if (!isObject(schema)) throw new TypeError('a schema is a text, a list or an object');
  if (typeof schema['type'] === 'object') return normal(schema['type'], namespace);
  switch (schema['type']) {
    case 'record':
      return normalRecord(schema, namespace);
    case 'enum':
      return { name: nameOf(schema, namespace), type: 'enum', symbols: schema['symbols'] };
    case 'array':
      return { type: 'array', items: normal(schema['items'], namespace) };
    default:
      return normalLogical(schema, namespace);
  }
}

function normalRecord(schema: Attributes, outer: string): unknown {
  const name = nameOf(schema, outer);
  const namespace = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  if (!Array.isArray(schema['fields'])) throw new TypeError(`${name} has no fields`);
  const fields = schema['fields'].map((field: unknown) => {
    if (!isObject(field)) throw new TypeError(`a field of ${name} is no object`);
    const type = normal(field['type'], namespace);
    return { name: field['name'], type, ...('default' in field && { default: field['default'] }) };
  });
  return { name, type: 'record', fields };
}

function normalLogical(schema: Attributes, namespace: string): unknown {
  const { type, logicalType, precision, scale } = schema;
  if (logicalType === undefined) return normal(type, namespace);
  if (logicalType === 'decimal') return { type, logicalType, precision, scale: scale ?? 0 };
  return { type, logicalType };
}

function nameOf({ name, namespace }: Attributes, outer: string): string {
  if (typeof name !== 'string') throw new TypeError('a named type without a name');
  return qualified(name, typeof namespace === 'string' ? namespace : outer);
}

const qualified = (name: string, namespace: string): string =>
  namespace === '' || name.includes('.') ? name : `${namespace}.${name}`;

const isObject = (value: unknown): value is Attributes => typeof value === 'object' && value !== null;
