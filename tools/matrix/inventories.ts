import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@lotwarden/platform/config';
import { everyServiceRoutes } from '@lotwarden/platform/every-service-routes';
import type { AnyService, Inventory } from '@lotwarden/platform/service';

const SERVICES = join(import.meta.dirname, '../../services');

export interface Service {
  readonly name: string;
  readonly inventory: Inventory;
}

/**
 * What each service consists of, without starting any: what it is given to work with answers everything with more of
 * itself. A service that did more than declare itself would fail here, and should.
 */
export async function inventories(): Promise<Service[]> {
  const folders = readdirSync(SERVICES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  // Under the name by which the matrix calls them all.
  const every: Service = { name: '*', inventory: { http: everyServiceRoutes(anything as never) } };
  const own = await Promise.all(
    folders.map(async ({ name }) => {
      const { default: definition } = (await import(join(SERVICES, name, 'src/service.ts'))) as { default: AnyService };
      const config = loadConfig(definition.name, definition.config, {});
      const given = new Proxy(nothing, {
        get: (_, key) => (key === 'config' ? config : key === 'service' ? name : anything),
      });
      return { name, inventory: await definition.build(given as never) };
    }),
  );
  return [every, ...own];
}

/** A function, so that it can be called. */
const nothing = (): unknown => anything;

const anything: unknown = new Proxy(nothing, {
  get: (_, key) => {
    if (key === Symbol.toPrimitive) return () => '';
    if (key === Symbol.iterator) return function* none() {};
    // Awaited, it is itself.
    return key === 'then' ? undefined : anything;
  },
});
