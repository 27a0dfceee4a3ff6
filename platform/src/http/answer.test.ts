import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { answerOf } from './answer.ts';
import { ok, okJson, route } from './route.ts';

const lots = route({
  method: 'get',
  path: '/lots',
  requires: 'trace.read',
  summary: { en: 'Lots', zh: '批次' },
  reply: { 200: z.object({ items: z.array(z.string()) }) },
  handle: async () => ok({ items: [] }),
});
const written = (text: string) => okJson(new TextEncoder().encode(text));

test('JSON that is written already leaves as it is, and is checked like any other where replies are checked', () => {
  const { content, headers } = answerOf(lots, written('{"items":["批次"]}'), { check: true, withheld: [] });
  expect(content.toString()).toBe('{"items":["批次"]}');
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(() => answerOf(lots, written('{"items":[1]}'), { check: true, withheld: [] })).toThrow('items');
  expect(answerOf(lots, ok({ items: ['a'] }), { check: true, withheld: [] }).content).toBe('{"items":["a"]}');
});
