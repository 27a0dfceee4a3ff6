import { fullName, type Schema } from './schema.ts';

/**
 * What a schema says to a reader, as one text: full names, no documentation, defaults and logical types kept, members in
 * one order. Two schemas with the same normal form read and write the same; stock serializers send the same schema with
 * other spacing, order or spelling (`{"type": "string"}` for `"string"`).
 */
export const normalForm = (schema: unknown): string => JSON.stringify(normal(schema as Schema, ''));

function normal(schema: Schema, namespace: string): unknown {
  if (typeof schema === 'string')
    return PRIMITIVE.has(schema) || schema.includes('.') ? schema : qualify(schema, namespace);
  if (!('type' in schema)) return schema.map((branch) => normal(branch, namespace));
  if (typeof schema.type !== 'string') return normal(schema.type as Schema, namespace);
  switch (schema.type) {
    case 'record': {
      const name = fullName({ ...schema, namespace: schema.namespace ?? namespace });
      const inner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
      return {
        name,
        type: 'record',
        fields: schema.fields.map((field) => ({
          name: field.name,
          type: normal(field.type, inner),
          ...('default' in field && { default: field.default }),
        })),
      };
    }
    case 'enum':
      return {
        name: fullName({ ...schema, namespace: schema.namespace ?? namespace }),
        type: 'enum',
        symbols: schema.symbols,
      };
    case 'array':
      return { type: 'array', items: normal(schema.items, namespace) };
    default:
      return 'logicalType' in schema ? logical(schema) : schema.type;
  }
}

const logical = ({ type, logicalType, precision, scale }: Extract<Schema, { logicalType: string }>): unknown =>
  logicalType === 'decimal' ? { type, logicalType, precision, scale: scale ?? 0 } : { type, logicalType };

const PRIMITIVE: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);

const qualify = (name: string, namespace: string): string => (namespace === '' ? name : `${namespace}.${name}`);
