import { expect, test } from '@jest/globals';
import type { Field, Schema } from '../src/schema.ts';
import { typescriptOf } from './typescript.ts';

const typesOf = (fields: readonly Field[]): string => {
  const schema = { type: 'record', name: 'Made', namespace: 'lotwarden.a.b', doc: 'It was made.', fields } as const;
  const source = {
    shared: new Map(),
    records: [{ topic: 'a.b.v1', record: 'Made', name: 'lotwarden.a.b.Made', schema }],
  };
  return typescriptOf(source, ['a.b.v1', 'a.dead-letter.v1']);
};

test('fields, nulls, lists, decimals and instants', () => {
  const text = typesOf([
    { name: 'lot', type: 'string', doc: 'whose' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'amounts', type: { type: 'array', items: { type: 'bytes', logicalType: 'decimal' } }, default: [] },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
  ]);
  expect(text).toContain(`
    /** It was made. */
    Made: {
      type: 'Made';
      /** whose */
      lot: string;
      note: string | null;
      amounts: readonly Decimal[];
      at: Instant;
    };`);
  expect(text).toContain("'a.dead-letter.v1': Record<never, never>;");
});

test.each<Schema>(['double', 'lotwarden.Nobody', ['string', 'int'], { type: 'long', logicalType: 'time-millis' }])(
  'throws on what it does not know: %j',
  (type) => {
    expect(() => typesOf([{ name: 'x', type }])).toThrow();
  },
);

test('a field may not be called as what tells events apart', () => {
  expect(() => typesOf([{ name: 'type', type: 'string' }])).toThrow('tells events apart');
});
