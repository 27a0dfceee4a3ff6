import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connectStore, type AnyEvent, type Store, type StoreSettings } from '../store/store.ts';

/** Where the real MongoDB of this machine answers: MONGO_URL, else the shared stack's address. */
export function mongoUrl(): string {
  const given = process.env['MONGO_URL'];
  if (given) return given;
  for (let folder = new URL('.', import.meta.url); folder.pathname !== '/'; folder = new URL('..', folder)) {
    const file = new URL('.lotwarden/stack.json', folder);
    if (!existsSync(file)) continue;
    const { mongo } = JSON.parse(readFileSync(file, 'utf8')) as { mongo?: string };
    if (mongo) return mongo;
  }
  throw new Error('No MongoDB: set MONGO_URL, or start the local stack');
}

/** For tests of what lies beneath the contracts: any event, as JSON. */
export const jsonEncoder = {
  encode: (_topic: string, event: AnyEvent): Uint8Array => Buffer.from(JSON.stringify(event)),
};

/** A store on a database of its own, which `drop` removes. */
export async function openTestStore(
  settings: Partial<StoreSettings> = {},
): Promise<{ readonly store: Store; readonly database: string; readonly drop: () => Promise<void> }> {
  const { service = 'test', database = `test-${service}-${randomUUID().slice(0, 8)}` } = settings;
  const store = await connectStore({
    mongoUrl: mongoUrl(),
    clock: () => new Date(),
    codec: jsonEncoder,
    ...settings,
    service,
    database,
  });
  const drop = async (): Promise<void> => {
    await store.db.dropDatabase();
    await store.close();
  };
  return { store, database, drop };
}
