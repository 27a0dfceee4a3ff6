import { sequences } from '@lotwarden/platform/sequence';
import type { Deps } from '@lotwarden/platform/service';

/** Numbers for records that came without one. A counter restored from a backup passes over what is taken. */
export function openNumbers({ db }: Pick<Deps, 'db'>) {
  const next = sequences(db);
  return async (prefix: string, taken: (id: string) => Promise<unknown>): Promise<string> => {
    for (;;) {
      const id = `${prefix}-${String(await next(prefix)).padStart(6, '0')}`;
      if ((await taken(id)) === undefined) return id;
    }
  };
}

export type Numbers = ReturnType<typeof openNumbers>;
