import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { SourceOffset } from '@lotwarden/contracts/events';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Frozen } from '../packed/frozen.ts';
import { freezeGraph, thawGraph } from './graph-parts.ts';

/**
 * Bytes of another form cannot be read: raise it with every change of a form, and of what the fold makes of a fact (what it
 * made wrong stays in a snapshot), and the graph is rebuilt from Kafka.
 */
const FORMAT = 9;

/** What a replica knows, and up to where. */
export interface Snapshot {
  readonly graph: Genealogy;
  readonly marks: readonly SourceOffset[];
  /** topic/partition → id of the last message below its mark: by it another topic of the same name is told apart. */
  readonly lastIds: ReadonlyMap<string, string>;
  readonly unreadable: readonly string[];
}

interface Part {
  readonly name: string;
  readonly part: string;
  readonly lengths: readonly number[];
  /**
   * CRC-32 of each piece: finds every damage of up to 32 bits in a row and misses one in 2^32 of all others, for a third of
   * what SHA-256 costs. Nobody forges a replica's own files; the sums themselves stand in the manifest, which has SHA-256.
   */
  readonly sums: readonly number[];
}

interface Manifest {
  readonly format: number;
  readonly marks: readonly SourceOffset[];
  readonly lastIds: readonly (readonly [string, string])[];
  readonly unreadable: readonly string[];
  readonly meta: Readonly<Record<string, Frozen['meta']>>;
  readonly parts: readonly Part[];
}

const REST = 'rest';
const DATA = 'data';
const MANIFEST = 'manifest.json';
const STAGE = 1 << 20;

/** Objects packed at once, about two milliseconds; how many may be left for the snapshot itself; and how often at most. */
const AT_ONCE = 256;
const LEFT = 1_024;
const MOST_STEPS = 512;

/** Packs most of what changed lately, bit by bit between facts, so that little is left to do while they wait. */
export async function prepareSnapshot({ lots, operations, containers, told }: Genealogy): Promise<void> {
  let steps = 0;
  for (const store of [lots, operations, containers, told])
    while (steps++ < MOST_STEPS && store.cool(0) > LEFT) {
      store.cool(AT_ONCE);
      await setImmediate();
    }
}

/**
 * Writes a snapshot while the graph goes on: it is frozen at once, and its bytes are written bit by bit. Old ones are removed
 * when the new one is whole. Returns its bytes and for how many milliseconds nothing else could be done at most.
 */
export async function writeSnapshot(folder: string, snapshot: Snapshot): Promise<{ bytes: number; held: number }> {
  const began = performance.now();
  const { packed, rest } = freezeGraph(snapshot.graph);
  const all: Record<string, Frozen> = { ...packed, [REST]: { meta: {}, parts: { data: [serialize(rest)] } } };
  const marks = [...snapshot.marks];
  const [lastIds, unreadable] = [[...snapshot.lastIds], [...snapshot.unreadable]];
  const held = performance.now() - began;
  await mkdir(folder, { recursive: true });
  const there = await readdir(folder);
  // Of one who was killed, or whose disk was full: it is of no use, and takes the room that the next one needs.
  for (const left of there.filter((one) => isUnfinished(one))) await remove(folder, left);
  const name = nameFor(there);
  const unfinished = `${name}${UNFINISHED}`;
  try {
    const bytes = await writeAll(join(folder, unfinished), all, { marks, lastIds, unreadable });
    await rename(join(folder, unfinished), join(folder, name));
    await removeOthers(folder, name);
    return { bytes, held };
  } catch (error) {
    await remove(folder, unfinished);
    throw error;
  }
}

const remove = (folder: string, name: string): Promise<void> =>
  rm(join(folder, name), { recursive: true, force: true });

async function writeAll(
  path: string,
  all: Readonly<Record<string, Frozen>>,
  known: Pick<Manifest, 'marks' | 'lastIds' | 'unreadable'>,
): Promise<number> {
  await mkdir(path);
  const data = await open(join(path, DATA), 'w');
  const parts: Part[] = [];
  let bytes = 0;
  try {
    for (const [of, frozen] of Object.entries(all))
      for (const [part, pieces] of Object.entries(frozen.parts)) {
        const sums = await writePart(data, pieces);
        parts.push({ name: of, part, lengths: pieces.map(({ length }) => length), sums });
        bytes += pieces.reduce((sum, { length }) => sum + length, 0);
      }
    await data.sync();
  } finally {
    await data.close();
  }
  const meta = Object.fromEntries(Object.entries(all).map(([of, frozen]) => [of, frozen.meta]));
  const body = JSON.stringify({ format: FORMAT, ...known, meta, parts } satisfies Manifest);
  const manifest = await open(join(path, MANIFEST), 'w');
  try {
    await manifest.writeFile(`${digest(body)}\n${body}`);
    await manifest.sync();
  } finally {
    await manifest.close();
  }
  return bytes;
}

/** Each bit is copied before it is summed and written: tables of ids go on to change. */
async function writePart(file: FileHandle, pieces: readonly Uint8Array[]): Promise<number[]> {
  const sums: number[] = [];
  const stage = Buffer.alloc(STAGE);
  let filled = 0;
  const flush = async (): Promise<void> => {
    // A disk that is nearly full takes a part and says so only the next time.
    await file.writeFile(stage.subarray(0, filled));
    filled = 0;
  };
  for (const piece of pieces) {
    let sum = 0;
    for (let at = 0; at < piece.length;) {
      const taken = Math.min(STAGE - filled, piece.length - at);
      stage.set(piece.subarray(at, at + taken), filled);
      sum = crc32(stage.subarray(filled, filled + taken), sum);
      at += taken;
      filled += taken;
      if (filled === STAGE) await flush();
    }
    sums.push(sum);
  }
  if (filled > 0) await flush();
  return sums;
}

const NAME = /^snapshot-(\d{9})$/;
const UNFINISHED = '.unfinished';
const isUnfinished = (name: string): boolean => name.endsWith(UNFINISHED) && NAME.test(name.slice(0, -UNFINISHED.length)); // prettier-ignore

function nameFor(there: readonly string[]): string {
  const last = Math.max(0, ...there.map((name) => Number(NAME.exec(name.replace(UNFINISHED, ''))?.[1] ?? 0)));
  return `snapshot-${String(last + 1).padStart(9, '0')}`;
}

async function removeOthers(folder: string, kept: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name !== kept && (NAME.test(name) || isUnfinished(name))) await remove(folder, name);
}

/** The newest snapshot that is whole; whatever is wrong with others is told to `onUnusable`. */
export function readSnapshot(folder: string, onUnusable: (reason: string) => void): Snapshot | undefined {
  const names = listed(folder).filter((name) => NAME.test(name)).sort().reverse(); // prettier-ignore
  for (const name of names) {
    try {
      return read(join(folder, name));
    } catch (error) {
      onUnusable(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return undefined;
}

const listed = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

class Unusable extends Error {
  override readonly name = 'Unusable';
}

function read(path: string): Snapshot {
  const text = readFileSync(join(path, MANIFEST), 'utf8');
  const [sum, body] = [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)];
  if (digest(body) !== sum) throw new Unusable('its manifest is damaged');
  const manifest = JSON.parse(body) as Manifest;
  if (manifest.format !== FORMAT) throw new Unusable(`it has format ${String(manifest.format)}, not ${String(FORMAT)}`);
  const expected = manifest.parts.reduce((sum, { lengths }) => sum + lengths.reduce((all, one) => all + one, 0), 0);
  if (statSync(join(path, DATA)).size !== expected) throw new Unusable('it is not as long as it should be');
  const file = openSync(join(path, DATA), 'r');
  const all: Record<string, { meta: Frozen['meta']; parts: Record<string, Uint8Array[]> }> = {};
  try {
    for (const { name, part, lengths, sums } of manifest.parts) {
      const pieces = lengths.map((length, at) => {
        const bytes = readPiece(file, length);
        if (crc32(bytes) !== sums[at]) throw new Unusable(`${name}/${part} is damaged`);
        return bytes;
      });
      all[name] ??= { meta: manifest.meta[name] ?? {}, parts: {} };
      all[name].parts[part] = pieces;
    }
  } finally {
    closeSync(file);
  }
  const { [REST]: rest, ...packed } = all;
  const graph = thawGraph({
    packed,
    rest: deserialize(rest?.parts['data']?.[0] ?? new Uint8Array(0)) as Record<string, unknown>,
  });
  return { graph, marks: manifest.marks, lastIds: new Map(manifest.lastIds), unreadable: manifest.unreadable };
}

/** Each piece gets bytes of its own: whoever gives one up later gives its room back. */
function readPiece(file: number, length: number): Uint8Array {
  const bytes = new Uint8Array(new ArrayBuffer(length));
  for (let at = 0; at < length;) {
    const got = readSync(file, bytes, at, length - at, null);
    if (got === 0) throw new Unusable('it ends too early');
    at += got;
  }
  return bytes;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
