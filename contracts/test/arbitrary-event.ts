import fc from 'fast-check';
import { fullName, type RecordSchema, type Schema } from '../src/schema.ts';

/** Any event that a composed schema allows, as the codec takes it. */
export function arbitraryEvent(root: RecordSchema): fc.Arbitrary<{ type: string }> {
  const named = new Map<string, fc.Arbitrary<unknown>>();
  const of = (schema: Schema): fc.Arbitrary<unknown> => {
    if (typeof schema === 'string') return named.get(schema) ?? primitive(schema);
    if (!('type' in schema)) return fc.oneof(...schema.map(of));
    switch (schema.type) {
      case 'record': {
        const record = fc.record(Object.fromEntries(schema.fields.map(({ name, type }) => [name, of(type)])), {
          noNullPrototype: true,
        });
        named.set(fullName(schema), record);
        return record;
      }
      case 'enum':
        return fc.constantFrom(...schema.symbols);
      case 'array':
        return fc.array(of(schema.items), { maxLength: 3 });
      default:
        return schema.logicalType === 'decimal' ? arbitraryDecimal(28, 9) : arbitraryInstant;
    }
  };
  return of(root).map((value) => ({ type: root.name, ...(value as object) }));
}

/** In the one form the codec answers: plain notation, no trailing zeros, no minus before nothing. */
export const arbitraryDecimal = (precision: number, scale: number): fc.Arbitrary<string> => {
  const most = 10n ** BigInt(precision) - 1n;
  return fc.bigInt({ min: -most, max: most }).map((unscaled) => {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
    const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '');
    return unscaled < 0n ? `-${text}` : text;
  });
};

const arbitraryInstant = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

function primitive(type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case 'long':
      return fc.maxSafeInteger();
    case 'string':
      return fc.string({ unit: 'grapheme' });
    default:
      throw new Error(`nothing arbitrary for ${type}`);
  }
}
