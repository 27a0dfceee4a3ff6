import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Topic } from './src/topic.ts';
import { topics } from './topics.ts';

const entries: readonly (readonly [string, Topic])[] = Object.entries(topics);
const SERVICES = new Set(entries.map(([, { owner }]) => owner));
const OUTSIDE = new Set(['mes', 'wms', 'lims', 'erp', 'plm', 'crm']);

test.each(entries)('%s keeps to the rules of its kind', (name, topic) => {
  expect(name).toMatch(/^[a-z][a-z-]*\.[a-z][a-z-]*\.v1$/);
  expect(new Set(topic.readers).size).toBe(topic.readers.length);
  for (const reader of topic.readers) expect(SERVICES).toContain(reader);
  if (topic.kind === 'inbound') {
    expect(topic.writers.every((writer) => OUTSIDE.has(writer))).toBe(true);
    expect(name).toBe(`${String(topic.writers[0])}.inbound.v1`);
    expect(topic.readers).toContain(topic.owner);
  } else {
    expect(topic.writers).toEqual([topic.owner]);
    expect(name.startsWith(`${topic.owner}.`)).toBe(true);
  }
  if (topic.kind === 'fact' || topic.kind === 'hold') expect(topic.retention).toBe('forever');
  if (topic.kind === 'hold' || topic.kind === 'tick') expect(topic.partitions).toBe(1);
});

test('traceability, surveillance and audit read every fact', () => {
  for (const [, { kind, readers }] of entries) {
    if (kind === 'fact') expect(readers).toEqual(expect.arrayContaining(['traceability', 'surveillance', 'audit']));
  }
});

test('every gate hears holds and ticks, and recall hears every gate', () => {
  const gates = entries.filter(([name]) => name.includes('.gate.')).map(([, { owner }]) => owner);
  expect(gates).toHaveLength(5);
  expect(topics['recall.hold.v1'].readers).toEqual(expect.arrayContaining(gates));
  expect(topics['recall.tick.v1'].readers).toEqual(expect.arrayContaining(gates));
  for (const gate of gates)
    expect(entries.find(([name]) => name === `${gate}.gate.v1`)?.[1].readers).toContain('recall');
});

test('whoever reads has a topic for what it cannot read', () => {
  for (const reader of new Set(entries.flatMap(([, { readers }]) => readers))) {
    expect(topics).toHaveProperty([`${reader}.dead-letter.v1`]);
  }
});

test('every reference in the AsyncAPI document leads somewhere', () => {
  const text = readFileSync(join(import.meta.dirname, 'generated/asyncapi.json'), 'utf8');
  const document: unknown = JSON.parse(text);
  const references = [...text.matchAll(/"\$ref": "#\/([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(references.length).toBeGreaterThan(entries.length);
  for (const reference of new Set(references)) {
    const found = reference.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document);
    expect([reference, typeof found]).toEqual([reference, 'object']);
  }
});
