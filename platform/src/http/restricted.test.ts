import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { mayDo } from '../permissions/permissions.ts';
import { firstIn, restricted, restrictionOf, withheldFrom, without } from './restricted.ts';

const SECRET = 'SECRET-OF-THE-HOUSE';
const OPEN = 'open';
/** What a quality manager may and a viewer may not. */
const TO = 'lot.release';

/** A schema of any depth, and a value of it: what is restricted says so in its text. */
const leaf = fc.boolean().map((hidden) => {
  const schema = z.string();
  return { schema: hidden ? restricted(TO, schema) : schema, value: hidden ? SECRET : OPEN, hidden };
});
interface Made {
  schema: z.ZodType;
  value: unknown;
}
const { made } = fc.letrec<{ made: Made }>((tie) => ({
  made: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf.map(({ schema, value, hidden }): Made => ({
      // Restricted as such a field is: within an object.
      schema: hidden ? z.object({ it: schema }) : schema,
      value: hidden ? { it: value } : value,
    })),
    tie('made').map(({ schema, value }): Made => ({ schema: z.array(schema), value: [value, value] })),
    tie('made').map(({ schema, value }): Made => ({ schema: schema.nullable().optional(), value })),
    tie('made').map(({ schema, value }): Made => ({ schema: z.union([schema, z.number()]), value })),
    tie('made').map(({ schema, value }): Made => ({
      schema: z.record(z.string(), schema),
      value: { a: value, it: value },
    })),
    tie('made').map(({ schema, value }): Made => ({ schema: z.tuple([schema]), value: [value] })),
    tie('made').map(({ schema, value }): Made => ({ schema: z.lazy(() => schema), value })),
    fc.tuple(leaf, tie('made'), leaf).map(([one, two, three]): Made => ({
      schema: z.object({ one: one.schema.optional(), two: two.schema, three: three.schema.nullable() }),
      value: { one: one.value, two: two.value, three: three.value },
    })),
  ),
}));

const leaves = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leaves);

test('whatever the schema, nothing restricted is left, and everything else is', () => {
  fc.assert(
    fc.property(made, ({ schema, value }) => {
      const said = without(value, withheldFrom(restrictionOf(schema), ['viewer']));
      expect(JSON.stringify(said)).not.toContain(SECRET);
      expect(leaves(said).length).toBe(leaves(value).filter((text) => text === OPEN).length);
    }),
    { numRuns: 500 },
  );
});

test('whoever may see it gets the very same', () => {
  fc.assert(
    fc.property(made, ({ schema, value }) => {
      expect(mayDo(['quality-manager'], TO)).toBe(true);
      expect(without(value, withheldFrom(restrictionOf(schema), ['quality-manager']))).toBe(value);
    }),
  );
});

const Lot = z.object({ lot: z.string(), supplier: restricted(TO, z.string().nullable()) });

test('what holds itself is looked at once', () => {
  interface Tree {
    supplier: string;
    parts: Tree[];
  }
  const Part: z.ZodType<Tree> = z.lazy(() => z.object({ supplier: restricted(TO, z.string()), parts: z.array(Part) }));
  expect(withheldFrom(restrictionOf(Part), []).map(({ path }) => path)).toContain('supplier');
});

test('where nothing is restricted there is nothing to look at', () => {
  expect(restrictionOf(z.object({ items: z.array(z.object({ lot: z.string() })) }))).toBeUndefined();
});

test('nobody asks by what he may not see', () => {
  const fields = withheldFrom(restrictionOf(z.object({ where: Lot.partial() })), ['viewer']);
  expect(firstIn({ where: { lot: 'L' } }, fields)).toBeUndefined();
  expect(firstIn({ where: { supplier: undefined } }, fields)).toBeUndefined();
  expect(firstIn({ where: { supplier: 'S' } }, fields)).toEqual({ path: 'where.supplier', to: TO });
  expect(firstIn([{ where: { supplier: 'S' } }], fields)).toBeDefined();
});
