import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { processAlive, signalGroup } from './processes.ts';

/** A run's folder carries the process that owns it in its name, so that others can tell a live run from a dead one. */
export function runName(now: Date, owner: number, salt: string): string {
  return `${now.toISOString().replace(/[-:]|\..*$/g, '')}-${owner}-${salt}`;
}

/** Process id in a run's name, undefined when the name is none of ours. */
export function ownerOf(name: string): number | undefined {
  const match = /^\d{8}T\d{6}-(\d+)-[0-9a-f]+$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

export async function createRun(runsDir: string): Promise<string> {
  const dir = path.join(runsDir, runName(new Date(), process.pid, randomBytes(3).toString('hex')));
  await mkdir(dir, { recursive: true });
  return dir;
}

/** Ends what runs without a living owner left behind and removes their folders; returns the removed ones. */
export async function clearDeadRuns(runsDir: string): Promise<string[]> {
  await mkdir(runsDir, { recursive: true });
  const dead = readdirSync(runsDir).filter((name) => {
    const owner = ownerOf(name);
    return owner !== undefined && !processAlive(owner);
  });
  for (const name of dead) {
    const dir = path.join(runsDir, name);
    for (const pid of leftovers(dir)) signalGroup(pid, 'SIGKILL');
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  return dead;
}

/** Processes named by the run's pid files that still work inside its folder; a number taken over by another does not. */
function leftovers(dir: string): number[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.pid'))
    .map((file) => Number(readFileSync(path.join(dir, file), 'utf8')))
    .filter((pid) => pid > 0 && processAlive(pid) && workingDirectory(pid).startsWith(dir));
}

function workingDirectory(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ''; // ended meanwhile, or a system without /proc, where we would rather leave a process than end a stranger's
  }
}
