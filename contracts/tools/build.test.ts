import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const CONTRACTS = join(import.meta.dirname, '..');
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'contracts-'));
  for (const part of ['avro', 'samples', 'generated', 'schema-ids.lock', 'src/generated']) {
    cpSync(join(CONTRACTS, part), join(root, part), { recursive: true });
  }
});
afterAll(() => rmSync(root, { recursive: true }));

const build = (...options: string[]): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(CONTRACTS, 'tools/build.ts'), '--root', root, ...options],
      { env: { ...process.env, NODE_OPTIONS: '' } },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, said: out + err }),
    );
  });

function change(file: string, from: string, to: string): () => void {
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
  return () => writeFileSync(path, before);
}

test('what is committed is what is generated', async () => {
  expect(await build('--check')).toEqual({ code: 0, said: '' });
});

test('generated files edited by hand are told apart', async () => {
  const undo = change('src/generated/events.ts', 'export type LotRef', 'export type LotReference');
  const { code, said } = await build('--check');
  undo();
  expect(code).toBe(1);
  expect(said).toContain('src/generated/events.ts');
});

test('a compatible change is asked to be frozen, an incompatible one is refused', async () => {
  const file = 'avro/wms/inbound/GoodsMoved.avsc';
  const undo = change(
    file,
    '"fields": [',
    '"fields": [{"name": "pallet", "type": ["null", "string"], "default": null},',
  );
  expect(await build('--check')).toMatchObject({ code: 1, said: expect.stringContaining('run `make contracts`') });
  undo();
  const undoDrop = change(file, '{"name": "toLocation", "type": "string"}', '{"name": "to", "type": "string"}');
  const { code, said } = await build();
  undoDrop();
  expect(code).toBe(1);
  expect(said).toContain('GoodsMoved: cannot read what version 1 wrote');
});

test('a record that is on no topic is refused', async () => {
  const stray = join(root, 'avro/wms/inbound/GoodsLost.avsc');
  writeFileSync(stray, '{"type": "record", "name": "GoodsLost", "namespace": "lotwarden.wms.inbound", "fields": []}');
  const { code, said } = await build('--check');
  rmSync(stray);
  expect(code).toBe(1);
  expect(said).toContain('on no topic in topics.ts: wms/inbound/GoodsLost.avsc');
});

test('a new baseline may be taken until the first release, never after', async () => {
  const lock = readFileSync(join(root, 'schema-ids.lock'), 'utf8');
  expect(await build('--rebaseline')).toMatchObject({ code: 0 });
  expect((await build('--check')).code).toBe(0);
  expect(await build('--close-baseline')).toMatchObject({ code: 0 });
  expect(await build('--rebaseline')).toMatchObject({
    code: 1,
    said: expect.stringContaining('the baseline is closed'),
  });
  expect(JSON.parse(readFileSync(join(root, 'schema-ids.lock'), 'utf8'))).toMatchObject({ baseline: 'closed' });
  writeFileSync(join(root, 'schema-ids.lock'), lock);
});
