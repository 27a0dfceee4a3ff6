import { isRole, mayDo, operationOf, roles, type Role } from '@lotwarden/platform/permissions';
import type { Route } from '@lotwarden/platform/http';
import { startTestApp } from '@lotwarden/platform/testing/http';
import type { Service } from './inventories.ts';

/** A token without a role, no token at all, and one with every role of whoever acts for an outside party. */
const OTHERS = ['no role', 'no token', 'outside party'] as const;
const ALL = Object.keys(roles) as Role[];
const CALLERS = [...ALL, ...OTHERS];
type Caller = (typeof CALLERS)[number];

export interface Walked {
  readonly routes: number;
  readonly asked: number;
  readonly faults: readonly string[];
}

/**
 * Asks every route of a service as every role, through the real way in: what the routes do is taken out, so that whoever is
 * let in meets a probe, or is told that what he sent is not what the route takes.
 */
export async function walk({ name, inventory }: Service): Promise<Walked> {
  const routes = inventory.http?.flat() ?? [];
  const app = await startTestApp(routes.map(probed), {
    service: name,
    checkReplies: false,
    rateLimits: { person: 1e9, machine: 1e9, anonymous: 1e9 },
    // All sites ask for devices, and nobody is at one.
    deviceSites: ['*'],
  });
  try {
    const headers = new Map(
      await Promise.all(CALLERS.map(async (caller) => [caller, await headersOf(app.tokens, caller)] as const)),
    );
    const faults: string[] = [];
    for (const route of routes)
      for (const caller of CALLERS) {
        const reply = await fetch(`${app.url}${pathOf(route)}`, {
          method: route.method.toUpperCase(),
          headers: headers.get(caller) ?? {},
        });
        const { code } = (await reply.json()) as { readonly code: string };
        const wanted = answerFor(route, caller);
        const found =
          code === 'device-unknown' ? code : reply.status === 401 || reply.status === 403 ? reply.status : 'in';
        if (found !== wanted) faults.push(`${name} ${route.method.toUpperCase()} ${route.path} as ${caller}: ${String(found)} instead of ${String(wanted)}`); // prettier-ignore
      }
    return { routes: routes.length, asked: routes.length * CALLERS.length, faults };
  } finally {
    await app.stop();
  }
}

const probed = ({ rows: _, ...route }: Route): Route => ({
  ...route,
  handle: () => Promise.reject(new Error('probe')),
});

const headersOf = async (tokens: Awaited<ReturnType<typeof startTestApp>>['tokens'], caller: Caller) =>
  caller === 'no token'
    ? {}
    : tokens.headers(caller === 'outside party' ? { roles: ALL, party: 'P-1' } : { roles: isRole(caller) ? [caller] : [] }); // prettier-ignore

const pathOf = ({ path }: Route): string => path.replaceAll(/:\w+/g, 'X-1');

function answerFor({ requires }: Route, caller: Caller): 401 | 403 | 'in' | 'device-unknown' {
  if (requires === 'public') return 'in';
  if (caller === 'no token') return 401;
  if (caller === 'outside party') return operationOf(requires).ownParty ? 'in' : 403;
  if (!isRole(caller) || !mayDo([caller], requires)) return 403;
  return operationOf(requires).knownDevice ? 'device-unknown' : 'in';
}
