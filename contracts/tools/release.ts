import { avroType } from '../src/avro-type.ts';
import { normalForm } from '../src/normal-form.ts';
import type { RecordSchema, Released } from '../src/schema.ts';
import { incompatibilities, lint } from './compatibility.ts';
import { historyFile, parseSchema, sampleFile, sha256, type Lock } from './lock.ts';
import { sampleOf } from './sample.ts';
import { compose, type Source } from './source.ts';

export type Release = {
  readonly lock: Lock;
  readonly released: readonly Released[];
  /** Files to add to history, by path; nothing frozen is ever written again. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  readonly added: readonly string[];
};

/** Holds the sources against everything released. Throws with all that is wrong; else says what would be frozen anew. */
export function release({ records, shared }: Source, lock: Lock, history: readonly Released[]): Release {
  const now = records.map((source) => ({
    ...source,
    subject: `${source.topic}-${source.name}`,
    composed: compose(source, shared),
  }));
  const wrong = now.flatMap(({ subject, composed }) => lint(composed).map((why) => `${subject}: ${why}`));
  const subjects = new Set(now.map(({ subject }) => subject));
  for (const subject of new Set(history.map((frozen) => frozen.subject))) {
    if (!subjects.has(subject)) wrong.push(`${subject}: was released; a record is never removed or renamed`);
  }
  let { nextId } = lock;
  const added: Released[] = [];
  for (const { subject, topic, record, composed } of now.sort((a, b) => (a.subject < b.subject ? -1 : 1))) {
    const before = history
      .filter((frozen) => frozen.subject === subject)
      .map((frozen) => ({ version: frozen.version, schema: parseSchema(frozen) }));
    const latest = before.at(-1);
    if (latest !== undefined && normalForm(latest.schema) === normalForm(composed)) continue;
    wrong.push(...incompatibilities(composed, before).map((why) => `${subject}: ${why}`));
    added.push({ id: nextId, subject, topic, record, version: (latest?.version ?? 0) + 1, schema: text(composed) });
    nextId += 1;
  }
  if (wrong.length > 0) throw new Error(`the schemas may not change so:\n  ${wrong.join('\n  ')}`);
  return frozenWith(lock, history, added, nextId);
}

function frozenWith(lock: Lock, history: readonly Released[], added: readonly Released[], nextId: number): Release {
  const files = new Map<string, string | Buffer>();
  const locked = added.map((schema) => {
    const golden = goldenSample(schema);
    files.set(historyFile(schema), schema.schema);
    files.set(sampleFile(schema), golden.bytes);
    files.set(sampleFile(schema).replace(/bin$/, 'json'), golden.json);
    const { id, subject, topic, record, version } = schema;
    return { id, subject, topic, record, version, schema: sha256(schema.schema), sample: sha256(golden.bytes) };
  });
  return {
    lock: { ...lock, nextId, schemas: [...lock.schemas, ...locked] },
    released: [...history, ...added],
    files,
    added: added.map(({ subject, version, id }) => `${subject} version ${version} (id ${id})`),
  };
}

/** A whole message (header and body) of exactly this version, and the event it stands for. */
function goldenSample(schema: Released): { bytes: Buffer; json: string } {
  const parsed = parseSchema(schema);
  const sample = sampleOf(parsed);
  const header = Buffer.alloc(5);
  header.writeUInt32BE(schema.id, 1);
  return {
    bytes: Buffer.concat([header, avroType(parsed).toBuffer(sample)]),
    json: `${JSON.stringify({ type: schema.record, ...sample }, null, 2)}\n`,
  };
}

const text = (schema: RecordSchema): string => `${JSON.stringify(schema, null, 1)}\n`;
