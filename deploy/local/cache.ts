import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Environment } from './find.ts';
import { processAlive } from './processes.ts';

/** Outside the checkout, so that a second checkout or a clean one downloads nothing. */
export function cacheDirectory(env: Environment): string {
  const base = env['LOTWARDEN_CACHE'] ?? env['XDG_CACHE_HOME'] ?? path.join(env['HOME'] ?? homedir(), '.cache');
  return path.join(path.resolve(base), 'lotwarden');
}

/**
 * The directory of a cache entry, filled by `fill` when it is not there yet. An entry appears whole or not at all:
 * it is filled under another name and renamed. The lock only spares a second run the same download.
 */
export async function cached(cache: string, entry: string, fill: (staging: string) => Promise<void>): Promise<string> {
  const target = path.join(cache, entry);
  if (existsSync(target)) return target;
  await mkdir(cache, { recursive: true });
  return withLock(path.join(cache, `${entry}.lock`), async () => {
    if (existsSync(target)) return target;
    await removeAbandoned(cache, entry);
    const staging = path.join(cache, `.${entry}.${randomUUID()}`);
    try {
      await mkdir(staging);
      await fill(staging);
      await rename(staging, target).catch((error: unknown) => {
        if (!existsSync(target)) throw error; // someone else was faster, and theirs was checked as ours was
      });
      return target;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  });
}

const ABANDONED_MS = 3_600_000;

/** Half-filled folders of runs that were killed while they downloaded. */
async function removeAbandoned(cache: string, entry: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = path.join(cache, name);
    if (!name.startsWith(`.${entry}.`) || Date.now() - statSync(folder).mtimeMs < ABANDONED_MS) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `work` while no other live process of this machine holds the lock file; a dead holder's lock is taken over. */
export async function withLock<R>(file: string, work: () => Promise<R>): Promise<R> {
  await mkdir(path.dirname(file), { recursive: true });
  while (!(await tryLock(file))) await wait(100);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // Between creation and content the file is empty for an instant; that is a live holder.
  if (holder > 0 && holder !== process.pid && !processAlive(holder)) await rm(file, { force: true });
  return false;
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
