import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { created, ok } from './replies.ts';
import { decodeCursor, encodeCursor, page, pageOf, pageQuery } from './pages.ts';
import { route } from './route.ts';

const View = z.object({
  lot: z.string(),
  status: z.enum(['pending', 'accepted']),
  lines: z.array(z.object({ n: z.number() })),
});

test('the schemas type what the handler gets and gives', async () => {
  const moves = route({
    method: 'post',
    path: '/lots/:lot/moves/:move',
    requires: 'stock.move',
    summary: { en: 'Move stock', zh: '移动库存' },
    body: z.object({ to: z.string(), count: z.coerce.number() }),
    reply: { 201: View, 200: View },
    handle: async ({ params, query, body }) => {
      const text: string = `${params.lot} ${params.move} ${body.to}`;
      const count: number = body.count;
      const none: undefined = query;
      const lines: readonly { readonly n: number }[] = [{ n: count }];
      // @ts-expect-error a path has only the parameters it names
      const strange: unknown = params.strange;
      return none === strange && count > 1
        ? created({ lot: text, status: 'pending', lines })
        : ok({ lot: text, status: 'accepted', lines });
    },
  });
  expect(moves.path).toBe('/lots/:lot/moves/:move');

  route({
    method: 'get',
    path: '/lots',
    requires: 'stock.read',
    summary: { en: 'Lots', zh: '批次' },
    query: z.object({ ...pageQuery, status: z.enum(['pending', 'accepted']).optional() }),
    reply: { 200: pageOf(View) },
    handle: async ({ query }) => {
      const limit: number = query.limit;
      const after: string | undefined = query.cursor;
      return ok(page([{ lot: String(limit), status: 'pending', lines: [] }], after));
    },
  });

  route({
    method: 'get',
    path: '/wrong',
    // @ts-expect-error not a permission
    requires: 'stock.steal',
    summary: { en: '', zh: '' },
    reply: { 200: View },
    // @ts-expect-error the reply does not fit its schema
    handle: async () => ok({ lot: 1 }),
  });
});

test('a cursor comes back as it was, and a forged one is refused', () => {
  const cursor = encodeCursor('批次|L-1042');
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(decodeCursor(cursor)).toBe('批次|L-1042');
  for (const forged of ['', 'x', 'bnVsbA', '%%%']) expect(() => decodeCursor(forged)).toThrow('cursor-invalid');
  expect(page([1]).next).toBeNull();
});
