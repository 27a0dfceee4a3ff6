import { expect, test } from '@jest/globals';
import { readPdf } from '../testing/pdf.ts';
import type { Shown } from '../signature/shown-signature.ts';
import type { PrintedDocument } from './document.ts';
import { createPrinter } from './printer.client.ts';

const print = createPrinter();
const AT = '2026-01-01T08:00:00.000Z';
const signature: Shown = {
  name: '李堃',
  account: 'li.kun',
  meaning: { code: 'release', en: 'Approved for release', zh: '批准放行' },
  reason: 'all in order',
  at: AT,
  signatureId: 's-1',
  algorithm: 'EdDSA',
  keyId: 'k1',
  version: 4,
  recordHash: 'ab12',
  ofCurrentVersion: true,
  holds: true,
};
const document = (...signatures: Shown[]): PrintedDocument => ({
  title: 'Release certificate F-1',
  parts: [{ kind: 'signatures', heading: 'Released for CN', signatures }],
  foot: 'F-1',
});
const read = async (printed: PrintedDocument, language: 'en' | 'zh' = 'en', withheld: readonly string[] = []) =>
  readPdf(await print(printed, { language, at: AT, withheld }));

test('11.50: a signature is printed with name, meaning, time and reason, in both languages', async () => {
  const { text, title, pages } = await read(document(signature));
  expect({ title, pages }).toEqual({ title: 'Release certificate F-1', pages: 1 });
  for (const part of ['李堃 (li.kun)', 'Approved for release', AT, 'all in order', 's-1', 'ab12', 'Page 1 of 1'])
    expect(text).toContain(part);
  expect(text).not.toContain('earlier version');
  expect((await read(document(signature), 'zh')).text).toContain('批准放行 · 签署时间');
});

test('11.70: one of an earlier version, and one whose key was revoked, are printed as that', async () => {
  const { text } = await read(document({ ...signature, ofCurrentVersion: false, holds: false }));
  expect(text).toContain('Signed for an earlier version of this record');
  expect(text).toContain('This signature does not hold');
});

test('a character that the font does not have is told by its number, not left out', async () => {
  expect((await read(document({ ...signature, name: '𠮷野' }))).text).toContain('[U+20BB7]野');
});

test('a table goes over as many pages as it needs, and every row is there', async () => {
  const rows = Array.from({ length: 300 }, (_, n) => [`LOT-${String(n)}`, `${String(n)} EA`]);
  const table = { kind: 'table', heading: 'Lots', columns: ['Lot', 'Quantity'], rows, none: 'none' } as const;
  const { text, pages } = await read({ ...document(), parts: [table] });
  expect(pages).toBeGreaterThan(3);
  for (const [lot] of rows) expect(text).toContain(lot);
  expect(text).toContain(`Page ${String(pages)} of ${String(pages)}`);
});

test('what this reader does not get to see is named, so that nobody takes it for not there', async () => {
  expect((await read(document(), 'zh', ['contact.phone'])).text).toContain('对当前读者不显示: contact.phone');
});

test('the same document printed at the same time is the same bytes', async () => {
  const once = () => print(document(signature), { language: 'en', at: AT, withheld: [] });
  const [one, two] = await Promise.all([once(), once()]);
  expect(one.equals(two)).toBe(true);
});

test('a document that cannot be drawn is an error of its own, and the next one is printed', async () => {
  const broken = { ...document(), parts: [{ kind: 'fields', fields: null }] } as unknown as PrintedDocument;
  await expect(print(broken, { language: 'en', at: AT, withheld: [] })).rejects.toThrow('not iterable');
  expect((await read(document(signature))).pages).toBe(1);
});
