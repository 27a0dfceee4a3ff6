import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Text } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { Consents } from './consents.store.ts';
import { deactivate, knownProgram, PROGRAM_ID, register, type ProgramState } from './program.ts';
import type { Programs } from './program.store.ts';

const ProgramView = z
  .object({
    program: z.string(),
    name: z.string(),
    maker: z.string(),
    redirectUris: z.array(z.string()),
    status: z.enum(['registered', 'deactivated']),
    rev: z.number().int(),
  })
  .meta({ id: 'OutsideProgram' });

function view({ id, state, rev }: Stored<ProgramState>) {
  const { name, maker, redirectUris, status } = knownProgram(state, id);
  return { program: id, name, maker, redirectUris, status, rev };
}

interface Needs {
  readonly programs: Programs;
  readonly consents: Pick<Consents, 'endAll'>;
  readonly security: Pick<SecurityLog, 'report'>;
  /** Lets programs be on the person's own machine. */
  readonly allowLoopback: boolean;
}

/** Programs of others, which act for people here who consent. */
export const programRoutes = ({ programs, consents, security, allowLoopback }: Needs) => [
  route({
    method: 'post',
    path: '/programs',
    requires: 'program.manage',
    summary: { en: 'Register a program of somebody else, which acts for whoever consents', zh: '登记第三方程序' },
    body: z.object({
      program: z
        .string()
        .regex(PROGRAM_ID, words('app- and small letters, digits, hyphens', 'app- 加小写字母、数字、连字符')),
      name: Text.max(100),
      maker: Text.max(100),
      redirectUris: z.array(z.url().max(300)).min(1).max(10),
    }),
    reply: { 201: ProgramView },
    errors: ['program-id-taken', 'program-address-wrong'],
    handle: async ({ body: { program, ...asked }, context }) => {
      const decide = (state: ProgramState) => register(state, program, asked, allowLoopback);
      const registered = await programs.change(program, context, decide);
      await security.report({ kind: 'provider-changed', subject: program, actor: context.actor, reason: 'registered' });
      return created(view(registered), { location: `/programs/${program}` });
    },
  }),
  route({
    method: 'get',
    path: '/programs',
    requires: 'program.read',
    summary: { en: 'Programs of others', zh: '第三方程序列表' },
    query: z.object(pageQuery),
    reply: { 200: pageOf(ProgramView) },
    handle: async ({ query }) => {
      const found = await programs.find({}, { limit: query.limit, after: query.cursor });
      return ok(page(found.items.map(view), found.next));
    },
  }),
  route({
    method: 'get',
    path: '/programs/:program',
    requires: 'program.read',
    summary: { en: 'A program of somebody else', zh: '查询第三方程序' },
    reply: { 200: ProgramView },
    errors: ['program-unknown'],
    handle: async ({ params: { program } }) => {
      const found = await programs.get(program);
      if (!found) throw new Rejected('program-unknown', { program });
      return ok(view(found));
    },
  }),
  route({
    method: 'post',
    path: '/programs/:program/deactivations',
    requires: 'program.manage',
    summary: { en: 'Let a program act for nobody any more', zh: '永久停用第三方程序' },
    body: z.object({ reason: Text }),
    reply: { 201: ProgramView },
    errors: ['program-unknown'],
    handle: async ({ params: { program }, body: { reason }, context }) => {
      const gone = await programs.change(program, { ...context, reason }, (state) => deactivate(state, program));
      await consents.endAll(program);
      await security.report({ kind: 'provider-changed', subject: program, actor: context.actor, reason });
      return created(view(gone));
    },
  }),
];
