import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistory, line, serials } from '../../test/history.ts';
import { balanceOf } from '../balance/balance.ts';
import { booksOf } from '../balance/books.ts';
import type { Fact } from '../genealogy/facts.ts';
import { fold } from '../genealogy/fold.ts';
import { createGenealogy } from '../genealogy/create-genealogy.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import { lotsNamed } from '../genealogy/find-lot.ts';
import { allLots } from '../genealogy/nodes.ts';
import { scopeOf } from '../trace/answer.ts';
import { gapsOf } from '../trace/completeness.ts';
import { prepareSnapshot, readSnapshot, writeSnapshot, type Snapshot } from './snapshot.store.ts';

const folderOf = (): string => mkdtempSync(join(tmpdir(), 'lotwarden-snapshot-'));

function facts(): Fact[] {
  const { facts: told, tell } = createHistory();
  for (let n = 0; n < 16; n++) {
    tell.received(`M${n}`, 100, `SUP-${n}`);
    tell.operation(`op-${n}`, {
      in: [[`M${n}`, 10], ...(n > 0 ? [[`F${n - 1}`, 1] as const] : [])],
      out: [[`F${n}`, 5]],
    });
    tell.declared(`F${n}`);
    tell.commissioned(`F${n}`, serials(100 * n + 1, 100 * n + 50));
    tell.arrived(`S-${n}`, `HOSPITAL-${n % 3}`, line(`F${n}`, 2, serials(100 * n + 1, 100 * n + 2)));
  }
  tell.voided('op-7');
  tell.operation('missing', { in: [['NOBODY', 1]], out: [['F2', 1]], missing: 'CAP-100' });
  return told;
}

const snapshotOf = (graph: Genealogy): Snapshot => ({
  graph,
  marks: [{ topic: 'mes-bridge.operation.v1', partition: 0, next: 7 }],
  lastIds: new Map([['mes-bridge.operation.v1/0', 'op-7:1@test']]),
  unreadable: ['undecodable x'],
});

/** What people would ask. */
const answers = (graph: Genealogy) => ({
  forward: scopeOf(graph, ['M0'], 'forward'),
  back: scopeOf(graph, ['F12'], 'backward'),
  gaps: gapsOf(graph, []),
  named: ['SUP-3', 'M4', 'x'].map((name) => lotsNamed(graph, name)),
  balances: [...allLots(graph)].map((lot) => balanceOf(booksOf(graph, lot))),
  lots: [...allLots(graph)].map(({ id, declaration, goods, consumedBy, producedBy }) => ({ id, declaration, goods, consumedBy, producedBy })), // prettier-ignore
});

const none = (reason: string): void => {
  throw new Error(reason);
};

/** Milliseconds: everything is flushed to the disk, which others use, too. */
const SLOW_DISK = 30_000;

test(
  'from a snapshot and the facts after it comes the same graph as from all facts',
  async () => {
    const all = facts();
    const whole = createGenealogy({ mostHot: 5 });
    for (const fact of all) fold(whole, fact);
    for (const at of [0, 40, all.length]) {
      const folder = folderOf();
      const graph = createGenealogy(at === 0 ? { mostHot: 5 } : {});
      for (const fact of all.slice(0, at)) fold(graph, fact);
      await prepareSnapshot(graph);
      const writing = writeSnapshot(folder, snapshotOf(graph));
      // Facts come while it is written.
      for (const fact of all.slice(at)) fold(graph, fact);
      await writing;
      expect(answers(graph)).toEqual(answers(whole));
      const read = readSnapshot(folder, none);
      expect({ ...read, graph: null }).toEqual({ ...snapshotOf(graph), graph: null });
      const again = read!.graph;
      for (const fact of all.slice(Math.max(0, at - 10))) fold(again, fact);
      expect(answers(again)).toEqual(answers(whole));
    }
  },
  SLOW_DISK,
);

test(
  'facts that wait for another one are kept',
  async () => {
    const all = facts();
    const early = all.filter(({ version }) => version > 1);
    expect(early.length).toBeGreaterThan(0);
    const graph = createGenealogy();
    for (const fact of early) fold(graph, fact);
    const folder = folderOf();
    await writeSnapshot(folder, snapshotOf(graph));
    const again = readSnapshot(folder, none)!.graph;
    for (const fact of all) fold(again, fact);
    const whole = createGenealogy();
    for (const fact of all) fold(whole, fact);
    expect(gapsOf(again, [])).toEqual(gapsOf(whole, []));
    expect(scopeOf(again, ['M0'], 'forward')).toEqual(scopeOf(whole, ['M0'], 'forward'));
  },
  SLOW_DISK,
);

async function written(): Promise<{ folder: string; data: string; manifest: string }> {
  const folder = folderOf();
  const graph = createGenealogy();
  for (const fact of facts()) fold(graph, fact);
  await writeSnapshot(folder, snapshotOf(graph));
  const [name = ''] = readdirSync(folder);
  return { folder, data: join(folder, name, 'data'), manifest: join(folder, name, 'manifest.json') };
}

test(
  'a snapshot that is damaged, cut off, unfinished or of another form is not used, and the reason is told',
  async () => {
    const reasons: string[] = [];
    const readAt = (folder: string) => readSnapshot(folder, (reason) => reasons.push(reason));
    const flip = (path: string, at: number) => {
      const bytes = readFileSync(path);
      bytes[at] = (bytes[at] ?? 0) ^ 4;
      writeFileSync(path, bytes);
    };
    const bit = await written();
    flip(bit.data, Math.floor(readFileSync(bit.data).length / 2));
    expect(readAt(bit.folder)).toBeUndefined();
    const told = await written();
    flip(told.manifest, 200);
    expect(readAt(told.folder)).toBeUndefined();
    const short = await written();
    truncateSync(short.data, readFileSync(short.data).length - 5);
    expect(readAt(short.folder)).toBeUndefined();
    expect(reasons.map((reason) => reason.replace(/\S+\/\S+ is/, 'part is'))).toEqual([
      'snapshot-000000001: part is damaged',
      'snapshot-000000001: its manifest is damaged',
      'snapshot-000000001: it is not as long as it should be',
    ]);
    const killed = await written();
    renameSync(join(killed.folder, 'snapshot-000000001'), join(killed.folder, 'snapshot-000000001.unfinished'));
    expect(readAt(killed.folder)).toBeUndefined();
    expect(readAt(join(killed.folder, 'nowhere'))).toBeUndefined();
    expect(reasons).toHaveLength(3);
    const other = await written();
    const body = readFileSync(other.manifest, 'utf8')
      .split('\n')[1]!
      .replace(/"format":\d+/, '"format":7');
    writeFileSync(other.manifest, `${createHash('sha256').update(body).digest('hex')}\n${body}`);
    expect(readAt(other.folder)).toBeUndefined();
    expect(reasons[3]).toMatch(/^snapshot-000000001: it has format 7, not \d+$/);
  },
  SLOW_DISK,
);

test(
  'the one before is kept until the next one is whole; of two the newer one counts, of a damaged one the older',
  async () => {
    const { folder, data } = await written();
    mkdirSync(join(folder, 'snapshot-000000002.unfinished'));
    writeFileSync(join(folder, 'snapshot-000000002.unfinished', 'data'), 'killed here');
    expect(readSnapshot(folder, none)?.graph.lots.size).toBeGreaterThan(30);
    mkdirSync(join(folder, 'snapshot-000000007'));
    writeFileSync(join(folder, 'snapshot-000000007', 'data'), readFileSync(data));
    writeFileSync(join(folder, 'snapshot-000000007', 'manifest.json'), 'x');
    expect(readSnapshot(folder, () => undefined)?.graph.lots.size).toBeGreaterThan(30);
    await writeSnapshot(folder, snapshotOf(createGenealogy()));
    expect(readdirSync(folder)).toEqual(['snapshot-000000008']);
    expect(readSnapshot(folder, none)?.graph.lots.size).toBe(0);
  },
  SLOW_DISK,
);

test(
  'one that cannot be written leaves no half of itself, and the one before stays; what another one left is cleared away',
  async () => {
    const { folder } = await written();
    const left = join(folder, 'snapshot-000000005.unfinished');
    mkdirSync(left);
    writeFileSync(join(left, 'data'), 'the disk was full here');
    const unwritable = { ...snapshotOf(createGenealogy()), unreadable: [1n as unknown as string] };
    for (let time = 0; time < 3; time++) {
      await expect(writeSnapshot(folder, unwritable)).rejects.toThrow(TypeError);
      expect(readdirSync(folder)).toEqual(['snapshot-000000001']);
    }
    expect(readSnapshot(folder, none)?.graph.lots.size).toBeGreaterThan(30);
  },
  SLOW_DISK,
);
