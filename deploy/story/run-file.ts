import { readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkoutRoot } from '../local/stack.ts';
import { people } from './cast.ts';
import type { Installation, ServiceProcess } from './services.client.ts';
import type { World } from './world.ts';

/** `.lotwarden/run.json`, or where LOTWARDEN_RUN_FILE says: several runs in one checkout each have their own then. */
const FILE = process.env['LOTWARDEN_RUN_FILE'] ?? path.join(checkoutRoot, '.lotwarden', 'run.json');

/** Where this run is and how to get in, for whoever wants to look; readable by its owner only. */
export async function writeRunFile(
  { gateway, addresses, topicPrefix, databasePrefix, secrets }: Installation,
  { passwords }: Pick<World, 'passwords'>,
  apart: ReadonlyMap<string, Pick<ServiceProcess, 'pid'>>,
): Promise<string> {
  const { kafka, mongo, redis } = addresses;
  const run = {
    pid: process.pid,
    processes: Object.fromEntries([...apart].map(([service, { pid }]) => [service, pid])),
    gateway,
    kafka,
    schemaRegistry: `${gateway}/registry`,
    mongo,
    redis,
    topicPrefix,
    databasePrefix,
    issuer: `${gateway}/openid`,
    accounts: Object.entries(passwords).map(([account, password]) => ({
      account,
      password,
      roles: account in people ? people[account as keyof typeof people].roles : ['administrator'],
    })),
    clients: Object.fromEntries(Object.entries(secrets.clients).filter(([id]) => id.startsWith('system-'))),
  };
  await mkdir(path.dirname(FILE), { recursive: true });
  const fresh = `${FILE}.${String(process.pid)}`;
  await writeFile(fresh, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, FILE);
  return FILE;
}

/** Takes the file away when its run ends; one that a newer run has written stays. */
export function removeRunFile(): void {
  try {
    const { pid } = JSON.parse(readFileSync(FILE, 'utf8')) as { pid: number };
    if (pid === process.pid) rmSync(FILE, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
