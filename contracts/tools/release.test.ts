import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCodec } from '../src/codec.ts';
import type { Field, RecordSchema, Released, Schema } from '../src/schema.ts';
import { EMPTY_LOCK, readHistory, readLock, writeFile, type Lock } from './lock.ts';
import { release, type Release } from './release.ts';
import type { Source } from './source.ts';

const DECIMAL = { type: 'bytes', logicalType: 'decimal', precision: 28, scale: 9 } as const;
const quantity = (value: Schema = DECIMAL): RecordSchema => ({
  type: 'record',
  name: 'Quantity',
  namespace: 'lotwarden',
  doc: 'An amount.',
  fields: [
    { name: 'value', type: value },
    { name: 'unit', type: 'string' },
  ],
});
const FIELDS: readonly Field[] = [
  { name: 'lot', type: 'string' },
  { name: 'quantity', type: 'lotwarden.Quantity' },
  { name: 'scrap', type: 'lotwarden.Quantity' },
  { name: 'note', type: ['null', 'string'], default: null },
];
const TOPIC = 'press.batch.v1';

function source(fields: readonly Field[] = FIELDS, record = 'BatchPressed', shared = quantity()): Source {
  const name = `lotwarden.press.batch.${record}`;
  const schema: RecordSchema = {
    type: 'record',
    name: record,
    namespace: 'lotwarden.press.batch',
    doc: 'Pressed.',
    fields,
  };
  return { shared: new Map([['lotwarden.Quantity', shared]]), records: [{ topic: TOPIC, record, name, schema }] };
}

const first = release(source(), EMPTY_LOCK, []);
const again = (changed: Source, before: Release = first): Release => release(changed, before.lock, before.released);
const without = (name: string): readonly Field[] => FIELDS.filter((field) => field.name !== name);
const withType = (name: string, type: Schema): readonly Field[] =>
  FIELDS.map((field) => (field.name === name ? { ...field, type } : field));

test('the released schema stands alone: shared types at first use, by name afterwards', () => {
  const schema = JSON.parse(first.released[0]?.schema ?? '') as { fields: { name: string; type: unknown }[] };
  expect(schema.fields[1]?.type).toMatchObject({ type: 'record', name: 'Quantity', namespace: 'lotwarden' });
  expect(schema.fields[2]?.type).toBe('lotwarden.Quantity');
  expect(first.lock).toMatchObject({ nextId: 2, schemas: [{ id: 1, version: 1 }] });
});

test('nothing changed, or only what is said about it: nothing is frozen', () => {
  expect(again(source()).added).toEqual([]);
  expect(again(source(FIELDS.map((field) => ({ ...field, doc: 'explained' })))).added).toEqual([]);
});

test('a field with a default makes a new version with the next id; both versions are read', () => {
  const by: Field = { name: 'by', type: ['null', 'string'], default: null };
  const second = again(source([...FIELDS, by]));
  expect(second.added).toEqual([`${TOPIC}-lotwarden.press.batch.BatchPressed version 2 (id 2)`]);
  expect(second.lock.nextId).toBe(3);
  const codec = createCodec(second.released) as { decode: (topic: string, bytes: Buffer) => unknown };
  const sample = (of: Release, version: number): Buffer =>
    of.files.get(`samples/${TOPIC}/BatchPressed/${String(version)}.bin`) as Buffer;
  expect(codec.decode(TOPIC, sample(first, 1))).toMatchObject({ lot: 'lot 批', by: null });
  expect(codec.decode(TOPIC, sample(second, 2))).toMatchObject({ lot: 'lot 批', by: 'by 批' });
});

test('every released version counts, not only the newest', () => {
  const second = again(source(without('note')));
  expect(second.added).toHaveLength(1);
  const back: Field = { name: 'note', type: ['null', DECIMAL], default: null };
  expect(() => again(source([...without('note'), back]), second)).toThrow('version 1');
});

test.each<[string, Source, string]>([
  ['a dropped field without a default', source(without('lot')), 'version 1 could not read it'],
  [
    'a new field without a default',
    source([...FIELDS, { name: 'x', type: 'string' }]),
    'cannot read what version 1 wrote',
  ],
  [
    'another scale',
    source(FIELDS, 'BatchPressed', quantity({ ...DECIMAL, scale: 6 })),
    'decimal(28, 9), now decimal(28, 6)',
  ],
  ['another precision', source(FIELDS, 'BatchPressed', quantity({ ...DECIMAL, precision: 38 })), 'now decimal(38, 9)'],
  ['a decimal become text', source(FIELDS, 'BatchPressed', quantity('string')), 'now string'],
  ['a renamed field', source([{ name: 'batch', type: 'string' }, ...without('lot')]), 'batch'],
  ['a field become optional', source(withType('lot', ['null', 'string'])), 'null unions and arrays have a default'],
  ['a renamed record', source(FIELDS, 'BatchMade'), 'a record is never removed or renamed'],
  ['a removed record', { ...source(), records: [] }, 'a record is never removed or renamed'],
  ['an alias', source([...without('lot'), { name: 'batch', type: 'string', aliases: ['lot'] } as Field]), 'no aliases'],
  ['a float', source([...FIELDS, { name: 'x', type: 'double', default: 0 }]), 'double has no place here'],
  [
    'a name that is none',
    source([...FIELDS, { name: 'a-b', type: ['null', 'string'], default: null }]),
    'no field name',
  ],
])('%s is refused', (_, changed, why) => {
  expect(() => again(changed)).toThrow(why);
});

test('an integer is not widened either: yesterday’s reader could not read it', () => {
  const counted = (type: Schema): Source => source([{ name: 'count', type }]);
  const before = release(counted('int'), EMPTY_LOCK, []);
  expect(() => again(counted('long'), before)).toThrow('BatchPressed.count was int, now long');
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'contracts-'));
  for (const [file, content] of first.files) writeFile(root, file, content);
  writeFile(root, 'schema-ids.lock', JSON.stringify(first.lock));
});
afterEach(() => rmSync(root, { recursive: true }));

const HISTORY = `avro/history/${TOPIC}/BatchPressed/1.avsc`;
const SAMPLE = `samples/${TOPIC}/BatchPressed/1.bin`;
const history = (): readonly Released[] => readHistory(root, readLock(root));

test('history as it was frozen is read', () => {
  expect(history()).toEqual(first.released);
});

test.each([
  ['an altered schema', () => alter(HISTORY, (text) => text.replace('"lot"', '"batch"')), `${HISTORY}: was altered`],
  ['even by a space', () => alter(HISTORY, (text) => `${text} `), `${HISTORY}: was altered`],
  ['altered golden bytes', () => writeFile(root, SAMPLE, 'x'), `${SAMPLE}: was altered`],
  ['a lost schema', () => rmSync(join(root, HISTORY)), `${HISTORY}: is missing`],
  [
    'a schema added by hand',
    () => cpSync(join(root, HISTORY), join(root, HISTORY.replace('1.avsc', '2.avsc'))),
    'is not in schema-ids.lock',
  ],
  ['a schema taken out of the lock', () => lockWith({ ...first.lock, schemas: [] }), 'is not in schema-ids.lock'],
])('%s in history is refused', (_, tamper, why) => {
  tamper();
  expect(history).toThrow('history is frozen');
  expect(history).toThrow(why);
});

function alter(file: string, change: (text: string) => string): void {
  writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8')));
}
function lockWith(lock: Lock): void {
  writeFile(root, 'schema-ids.lock', JSON.stringify(lock));
}
