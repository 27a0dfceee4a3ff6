import { ok, route, table } from '@lotwarden/platform/http';
import { matrix, operationOf, type Permission } from '@lotwarden/platform/permissions';
import { z } from 'zod';

const OperationView = z
  .object({
    operation: z.string(),
    en: z.string(),
    zh: z.string(),
    roles: z.array(z.string()),
    ownSite: z.boolean().meta({ description: 'whoever is bound to sites does it only there' }),
    ownMarket: z.boolean().meta({ description: 'whoever is bound to markets does it only for these' }),
    ownParty: z.boolean().meta({ description: 'whoever acts for an outside party may do it too, for that party' }),
    signed: z.array(z.string()).meta({ description: 'meanings of the signatures it takes' }),
    twoPerson: z.boolean(),
    knownDevice: z.boolean().meta({ description: 'at a registered device, where the site asks for one' }),
    routes: z.array(z.string()),
  })
  .meta({ id: 'Operation', description: 'One thing that somebody may be allowed to do, and what is asked of him' });

function view(permission: Permission) {
  const { what, by, site, market, ownParty, signed = [], twoPerson, knownDevice, ways } = operationOf(permission);
  return {
    operation: permission,
    ...what,
    roles: [...by],
    ownSite: site ?? false,
    ownMarket: market ?? false,
    ownParty: ownParty ?? false,
    signed: [...signed],
    twoPerson: twoPerson ?? false,
    knownDevice: knownDevice ?? false,
    routes: [...ways],
  };
}

/** The matrix that every service of this version asks. */
export const permissionRoutes = [
  route({
    method: 'get',
    path: '/permissions',
    requires: 'account.read',
    summary: { en: 'Who may do what, and what is asked of him besides', zh: '权限矩阵' },
    reply: { 200: z.object({ items: z.array(OperationView) }) },
    csv: table(OperationView),
    handle: async () => ok({ items: (Object.keys(matrix) as Permission[]).map(view) }),
  }),
];
