import { randomUUID } from 'node:crypto';
import { connectStore, type AnyEvent, type Store, type StoreSettings } from '../store/store.ts';
import { stack } from './stack.ts';

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
    mongoUrl: stack().mongo,
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
