import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RecordSchema, Released } from '../src/schema.ts';

/** What is frozen, with the hashes that show if somebody touched it. Ids are given once and in order; none is ever given again. */
export type Lock = {
  /** Closed by the first release; from then on history only grows. */
  readonly baseline: 'open' | 'closed';
  readonly nextId: number;
  readonly schemas: readonly LockedSchema[];
};
export type LockedSchema = {
  readonly id: number;
  readonly subject: string;
  readonly topic: string;
  readonly record: string;
  readonly version: number;
  /** SHA-256 of the frozen schema file. */
  readonly schema: string;
  /** SHA-256 of the golden bytes. */
  readonly sample: string;
};

export const EMPTY_LOCK: Lock = { baseline: 'open', nextId: 1, schemas: [] };

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

type Frozen = Pick<LockedSchema, 'topic' | 'record' | 'version'>;
export const historyFile = ({ topic, record, version }: Frozen): string =>
  `avro/history/${topic}/${record}/${String(version)}.avsc`;
export const sampleFile = ({ topic, record, version }: Frozen): string =>
  `samples/${topic}/${record}/${String(version)}.bin`;

export function readLock(root: string): Lock {
  try {
    return JSON.parse(readFileSync(join(root, 'schema-ids.lock'), 'utf8')) as Lock;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY_LOCK;
    throw error;
  }
}

/** Every released schema, read from history. Throws where a frozen file was altered, lost or added by hand. */
export function readHistory(root: string, lock: Lock): Released[] {
  const wrong: string[] = [];
  const released = lock.schemas.map((locked) => {
    const schema = frozen(root, historyFile(locked), locked.schema, wrong).toString('utf8');
    const sample = sampleFile(locked);
    frozen(root, sample, locked.sample, wrong);
    return { ...locked, schema };
  });
  const known = new Set(lock.schemas.flatMap((locked) => [historyFile(locked), sampleFile(locked)]));
  for (const file of [...filesIn(root, 'avro/history', '.avsc'), ...filesIn(root, 'samples', '.bin')]) {
    if (!known.has(file)) wrong.push(`${file}: is not in schema-ids.lock`);
  }
  if (wrong.length > 0) throw new Error(`history is frozen; put it back as it was:\n  ${wrong.join('\n  ')}`);
  return released.map(({ id, topic, record, subject, version, schema }) => ({
    id,
    topic,
    record,
    subject,
    version,
    schema,
  }));
}

function frozen(root: string, file: string, hash: string, wrong: string[]): Buffer {
  try {
    const bytes = readFileSync(join(root, file));
    if (sha256(bytes) !== hash) wrong.push(`${file}: was altered`);
    return bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    wrong.push(`${file}: is missing`);
    return Buffer.alloc(0);
  }
}

export function filesIn(root: string, directory: string, ending: string): string[] {
  try {
    return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(ending))
      .map((file) => `${directory}/${file}`)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export function writeFile(root: string, file: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
}

export const parseSchema = ({ schema }: Released): RecordSchema => JSON.parse(schema) as RecordSchema;
