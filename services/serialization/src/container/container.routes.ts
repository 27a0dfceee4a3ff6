import { Rejected } from '@lotwarden/platform/errors';
import type { Gate } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, LotLine as LotLineView, SerialRanges, Text } from '@lotwarden/platform/http-schemas';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { LEVELS, type Container } from './container.ts';
import type { Packing } from './packing.store.ts';
import { checkSscc } from './sscc.ts';

const ContainerView = z
  .object({
    container: z.string(),
    status: z.enum(['packed', 'sealed', 'opened']),
    level: z.string(),
    children: z.array(z.string()),
    contents: z.array(LotLineView),
    digest: z.string().nullable(),
    rev: z.number().int(),
  })
  .meta({ id: 'Container' });

function view({ id, state, rev }: Stored<Container>) {
  const { status, ...container } = state;
  if (status === 'unknown') throw new Rejected('container-unknown', { container: id });
  return { ...container, status, rev };
}

interface Needs {
  readonly house: Pick<House, 'containers'>;
  readonly packing: Packing;
  readonly gate: Gate;
}

export const containerRoutes = ({ house: { containers }, packing, gate }: Needs) => [
  route({
    method: 'post',
    path: '/containers',
    requires: 'container.pack',
    summary: { en: 'Pack units or sealed containers into a container', zh: '装箱(单件或已封包装)' },
    body: z.object({
      container: z.string().max(30).optional(),
      level: z.enum(LEVELS),
      site: Code,
      children: z.array(Code).max(1000).default([]),
      lines: z
        .array(z.strictObject({ lot: Code, serials: SerialRanges.min(1) }))
        .max(100)
        .default([]),
    }),
    reply: { 201: ContainerView },
    errors: [
      'sscc-invalid',
      'container-not-empty',
      'container-not-sealed',
      'container-level-wrong',
      'container-already-packed',
      'container-without-contents',
      'unit-already-packed',
      'serial-named-twice',
      'serial-range-invalid',
      'serial-not-of-lot',
    ],
    handle: async ({ body: { container, lines, ...asked }, context }) => {
      const named = container === undefined ? undefined : checkSscc(container);
      const packed = await packing.pack({ ...asked, container: named, units: lines }, context);
      return created(view(packed), { location: `/containers/${packed.id}` });
    },
  }),
  route({
    method: 'post',
    path: '/containers/:container/seals',
    requires: 'container.seal',
    summary: { en: 'Seal a container; the seal vouches for its contents', zh: '封箱' },
    reply: { 201: ContainerView },
    errors: ['container-unknown', 'lot-on-hold', 'gate-closed'],
    handle: async ({ params: { container }, context }) => {
      gate.assertOpen();
      return created(view(await packing.seal(container, context)));
    },
  }),
  route({
    method: 'post',
    path: '/containers/:container/openings',
    requires: 'container.open',
    summary: { en: 'Open a container; its seal is void', zh: '开箱' },
    body: z.object({ reason: Text }),
    reply: { 201: ContainerView },
    errors: ['container-unknown', 'container-inside-another'],
    handle: async ({ params: { container }, body: { reason }, context }) =>
      created(view(await packing.open(container, context, reason))),
  }),
  route({
    method: 'get',
    path: '/containers/:container',
    requires: 'serial.read',
    summary: { en: 'A container with all it holds, at any depth', zh: '查询包装及其全部内容' },
    reply: { 200: ContainerView },
    errors: ['container-unknown'],
    handle: async ({ params: { container } }) => {
      const known = await containers.get(container);
      if (!known) throw new Rejected('container-unknown', { container });
      return ok(view(known));
    },
  }),
];
