import { z } from 'zod';
import { isPermission } from '../permissions/permissions.ts';
import type { Route } from './route.ts';

const named = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');

const anyId = z.string().min(1).max(200);

/** The schema of a route's path parameters; a name without one is any id. */
export const paramsSchema = (route: Route): z.ZodObject =>
  route.params ?? z.object(Object.fromEntries(named(route.path).map((name) => [name, anyId])));

/** An unknown field is a misunderstanding; refuse it at the top level unless the schema says otherwise itself. */
export const strict = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;

/** Throws one error that names everything wrong with the routes; nothing starts with a route nobody guards. */
export function checkRoutes(routes: readonly Route[]): void {
  const problems = routes.flatMap((route) => faults(route).map((fault) => `${nameOf(route)}: ${fault}`));
  const names = routes.map((route) => nameOf(route).replaceAll(/:\w+/g, ':'));
  for (const twice of new Set(names.filter((name, n) => names.indexOf(name) !== n)))
    problems.push(`${twice}: declared twice`);
  if (problems.length > 0)
    throw new Error(`These routes cannot be served:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
}

const nameOf = (route: Route): string => `${route.method.toUpperCase()} ${route.path}`;

function faults(route: Route): string[] {
  const { requires } = route as { readonly requires?: string };
  const declared = Object.keys(paramsSchema(route).shape).sort().join();
  return [
    ...(requires === undefined ? ['declares no permission'] : []),
    ...(requires !== undefined && requires !== 'public' && !isPermission(requires)
      ? [`permission ${requires} is not in the matrix`]
      : []),
    ...(/^\/[\w:./-]*$/.test(route.path) ? [] : ['a path is made of /name and /:parameter']),
    ...(declared === named(route.path).sort().join() ? [] : [`params declares ${declared || 'nothing'}`]),
    ...(route.body !== undefined && (route.method === 'get' || route.method === 'delete') ? ['takes no body'] : []),
    ...(route.rows && !route.csv ? ['streams rows of no table'] : []),
    ...(route.csv && new Set(route.csv.columns.map(({ name }) => name)).size < route.csv.columns.length
      ? ['names a column twice']
      : []),
    ...(route.csv && !isJson(route.reply[200]) ? ['has a table but no list'] : []),
    ...(route.print && (route.method !== 'get' || !isJson(route.reply[200])) ? ['prints nothing that it shows'] : []),
    ...(Object.keys(route.reply).length === 0 ? ['declares no reply'] : []),
  ];
}

const isJson = (reply: Route['reply'][200]): boolean => reply !== undefined && !('mediaType' in reply);
