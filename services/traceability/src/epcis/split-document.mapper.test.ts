import { expect, test } from '@jest/globals';
import { Rejected } from '@lotwarden/platform/errors';
import fc from 'fast-check';
import { documentSplitter } from './split-document.mapper.ts';

function split(text: string | Uint8Array, piece = 7) {
  const events: unknown[] = [];
  const splitter = documentSplitter((event) => events.push(event));
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; at += piece) splitter.write(bytes.subarray(at, at + piece));
  return { events, ...splitter.end() };
}
const refusal = (text: string | Uint8Array, piece?: number): string => {
  try {
    split(text, piece);
    return 'taken';
  } catch (error) {
    if (error instanceof Rejected) return error.code;
    throw error;
  }
};

test('whatever the document and however it is cut, its events are those that JSON.parse finds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 8 })),
      fc.jsonValue(),
      fc.integer({ min: 1, max: 40 }),
      (list, other, piece) => {
        const text = JSON.stringify({ '@context': other, epcisBody: { more: other, eventList: list }, last: other });
        const { events, envelope } = split(text, piece);
        expect(events).toEqual((JSON.parse(text) as { epcisBody: { eventList: unknown[] } }).epcisBody.eventList);
        expect(envelope).toEqual(JSON.parse(JSON.stringify({ '@context': other, epcisBody: { more: other, eventList: [] }, last: other }))); // prettier-ignore
      },
    ),
  );
});

test('what is no JSON in UTF-8 is refused', () => {
  for (const text of [
    '',
    ' ',
    '{',
    '{"a":1,}',
    '{"a":01}',
    '{"a":1} x',
    '{}{}',
    "{'a':1}",
    '[1',
    'nul',
    '{"a":"\t"}',
    '{"a":NaN}',
  ])
    expect([text, refusal(text)]).toEqual([text, 'epcis-body-not-json']);
  expect(refusal(Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]))).toBe(
    'epcis-body-not-json',
  );
  for (const text of ['null', '1', '[]', '"x"', '{"epcisBody":{"eventList":[1],"eventList":[2]}}'])
    expect([text, refusal(text)]).toEqual([text, 'epcis-document-invalid']);
});

test('too much is refused when it is too much, not at the end', () => {
  const refusedAfter = (beginning: string, more: string, least: number): number => {
    const splitter = documentSplitter(() => undefined);
    splitter.write(Buffer.from(beginning));
    const piece = Buffer.from(more.repeat(Math.ceil(16_384 / more.length)));
    let sent = 0;
    expect(() => {
      for (; sent < least + 100_000; sent += piece.length) splitter.write(piece);
    }).toThrow(Rejected);
    return sent;
  };
  expect(refusedAfter('{"epcisBody":{"eventList":[0', ',0', 20_000)).toBeLessThan(40_000);
  expect(refusedAfter('{"epcisBody":{"eventList":[', '[', 0)).toBe(0);
  expect(refusedAfter('{"epcisBody":{"eventList":["', 'x', 1_048_576)).toBeGreaterThan(1_000_000);
  expect(refusedAfter('{"x":[0', ',0', 1_048_576)).toBeGreaterThan(1_000_000);
  expect(refusedAfter('{', ' ', 1_048_576)).toBeGreaterThan(1_000_000);
});

test('names that JavaScript knows are names like others', () => {
  const { events } = split('{"epcisBody":{"eventList":[{"__proto__":{"type":"ObjectEvent"},"constructor":1}]}}');
  expect(Object.keys(events[0] as object)).toEqual(['__proto__', 'constructor']);
  expect((events[0] as { type?: string }).type).toBeUndefined();
});
