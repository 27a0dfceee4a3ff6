import { restrictionsOf } from '@lotwarden/platform/http-restricted';
import type { Service } from './inventories.ts';

/** A field of a route's question or answer that only some see. */
export interface Field {
  readonly way: string;
  readonly part: 'answer' | 'question';
  readonly path: string;
  readonly to: string;
}

/** Every restricted field of every route, as the routes declare them. */
export function restrictedFields(services: readonly Service[]): Field[] {
  return services.flatMap(({ name, inventory }) =>
    (inventory.http?.flat() ?? []).flatMap((route) => {
      const way = `${name} ${route.method.toUpperCase()} ${route.path}`;
      const { query, body, reply } = restrictionsOf(route);
      const fields = (part: Field['part'], some: readonly (typeof query)[]): Field[] =>
        some.flatMap((one) => (one?.fields ?? []).map(({ path, to }) => ({ way, part, path, to })));
      return [...fields('answer', [reply[200], reply[201], reply[202]]), ...fields('question', [query, body])];
    }),
  );
}
