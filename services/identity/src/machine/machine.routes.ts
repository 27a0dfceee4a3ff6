import { topics } from '@lotwarden/contracts/topics';
import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { assertShownOnce } from '../shown-once.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import { kafkaAccess } from './kafka-access.ts';
import { makeSecret } from './machine-secret.client.ts';
import type { Machines } from './machine.store.ts';
import { addSecret, deactivateMachine, known, MACHINE_ID, MACHINE_ROLES, openMachine, removeSecret, type MachineState } from './machine.ts'; // prettier-ignore

const MachineView = z
  .object({
    machine: z.string(),
    name: z.string(),
    status: z.enum(['open', 'deactivated']),
    role: z.enum(MACHINE_ROLES),
    sites: z.array(z.string()).nullable(),
    party: z.string().nullable(),
    secrets: z
      .array(z.object({ id: z.string(), since: z.string() }))
      .meta({ description: 'those that open; two while the outside system changes from one to the other' }),
    kafka: z
      .object({
        principal: z.string(),
        acls: z.array(z.object({ topic: z.string(), operation: z.enum(['read', 'write', 'describe']) })),
      })
      .meta({ description: 'what the brokers have to allow it, and nothing else' }),
    rev: z.number().int(),
  })
  .meta({ id: 'ServiceAccount' });

const WithSecret = MachineView.extend({
  secret: z.string().meta({ description: 'shown now and never again' }),
}).meta({ id: 'ServiceAccountWithSecret' });

function view({ id, state, rev }: Stored<MachineState>) {
  const { machine, name, status, role, sites, party, secrets } = known(state, id);
  const { principal, acls } = kafkaAccess(machine, role, topics);
  return {
    machine,
    name,
    status,
    role,
    sites: sites && [...sites],
    party,
    secrets: secrets.map((secret) => ({ id: secret.id, since: secret.since })),
    // One that is deactivated may do nothing at the brokers either.
    kafka: { principal, acls: status === 'open' ? [...acls] : [] },
    rev,
  };
}

interface Needs extends Pick<Deps, 'clock'> {
  readonly machines: Machines;
  readonly security: Pick<SecurityLog, 'report'>;
}

/** Service accounts of outside systems: MES, WMS, LIMS, EPCIS middleware and partners. */
export function machineRoutes({ machines, security, clock }: Needs) {
  const told = (subject: string, actor: string, reason: string): Promise<void> =>
    security.report({ kind: 'client-secret-changed', subject, actor, reason });

  return [
    route({
      method: 'post',
      path: '/machines',
      requires: 'machine.manage',
      summary: { en: 'Open a service account for an outside system', zh: '为外部系统开立服务账户' },
      body: z.object({
        machine: z
          .string()
          .regex(
            MACHINE_ID,
            words(
              'small letters and digits, with an underscore: mes_suzhou',
              '小写字母和数字,中间含下划线,如 mes_suzhou',
            ),
          ),
        name: Text.max(200),
        role: z.enum(MACHINE_ROLES),
        sites: z.array(Code).max(200).nullable().default(null),
        party: Code.nullable().default(null).meta({ description: 'whose system it is; for partners only' }),
      }),
      reply: { 201: WithSecret },
      errors: ['machine-id-taken', 'machine-party-wrong', 'secret-shown-once'],
      handle: async ({ body, context }) => {
        assertShownOnce(context);
        const { text, kept } = makeSecret(clock.instant());
        const opened = await machines.change(body.machine, context, (state) => openMachine(state, body, kept));
        await told(body.machine, context.actor, 'opened');
        return created({ ...view(opened), secret: text }, { location: `/machines/${body.machine}` });
      },
    }),
    route({
      method: 'get',
      path: '/machines',
      requires: 'machine.read',
      summary: { en: 'Service accounts', zh: '服务账户列表' },
      query: z.object(pageQuery),
      reply: { 200: pageOf(MachineView) },
      handle: async ({ query }) => {
        const found = await machines.find({}, { limit: query.limit, after: query.cursor });
        return ok(page(found.items.map(view), found.next));
      },
    }),
    route({
      method: 'get',
      path: '/machines/:machine',
      requires: 'machine.read',
      summary: { en: 'A service account, and what the brokers have to allow it', zh: '查询服务账户及其消息权限' },
      reply: { 200: MachineView },
      errors: ['machine-unknown'],
      handle: async ({ params: { machine } }) => {
        const found = await machines.get(machine);
        if (!found) throw new Rejected('machine-unknown', { machine });
        return ok(view(found));
      },
    }),
    route({
      method: 'post',
      path: '/machines/:machine/secrets',
      requires: 'machine.manage',
      summary: {
        en: 'A second secret; the first opens until it is removed',
        zh: '新增第二个密钥(原密钥在移除前仍有效)',
      },
      body: z.object({ reason: Text }),
      reply: { 201: WithSecret },
      errors: ['machine-unknown', 'machine-deactivated', 'machine-secrets-two', 'secret-shown-once'],
      handle: async ({ params: { machine }, body: { reason }, context }) => {
        assertShownOnce(context);
        const { text, kept } = makeSecret(clock.instant());
        const decide = (state: MachineState) => addSecret(state, machine, kept);
        const changed = await machines.change(machine, { ...context, reason }, decide);
        await told(machine, context.actor, reason);
        return created({ ...view(changed), secret: text });
      },
    }),
    route({
      method: 'delete',
      path: '/machines/:machine/secrets/:secret',
      requires: 'machine.manage',
      summary: { en: 'Remove a secret: it opens nothing from now on', zh: '移除密钥(立即失效)' },
      reply: { 200: MachineView },
      errors: ['machine-unknown', 'machine-deactivated', 'machine-secret-unknown', 'machine-secret-last'],
      handle: async ({ params: { machine, secret }, context }) => {
        const changed = await machines.change(machine, context, (state) => removeSecret(state, machine, secret));
        await told(machine, context.actor, `secret ${secret} removed`);
        return ok(view(changed));
      },
    }),
    route({
      method: 'post',
      path: '/machines/:machine/deactivations',
      requires: 'machine.manage',
      summary: { en: 'Deactivate a service account for good', zh: '永久停用服务账户' },
      body: z.object({ reason: Text }),
      reply: { 201: MachineView },
      errors: ['machine-unknown'],
      handle: async ({ params: { machine }, body: { reason }, context }) => {
        const decide = (state: MachineState) => deactivateMachine(state, machine);
        const gone = await machines.change(machine, { ...context, reason }, decide);
        await security.report({ kind: 'account-deactivated', subject: machine, actor: context.actor, reason });
        return created(view(gone));
      },
    }),
  ];
}
