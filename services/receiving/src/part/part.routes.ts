import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import {
  Characteristic,
  CharacteristicView,
  Code,
  Instant,
  Moment,
  Text,
  Unit,
} from '@lotwarden/platform/http-schemas';
import type { Aggregate, Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import { specifyPart, type Part, type PartEvent } from './part.ts';

export type Parts = Aggregate<Part, PartEvent>;

const specification = { revision: Code, name: Text, unit: Unit };

const PartView = z
  .object({
    part: z.string(),
    revisions: z.array(
      z.object({ ...specification, characteristics: z.array(CharacteristicView), validFrom: Instant }),
    ),
    rev: z.number().int(),
  })
  .meta({ id: 'Part' });

const view = ({ id, state, rev }: Stored<Part>) => ({ part: id, revisions: state.revisions, rev });

export const partRoutes = ({ parts }: { parts: Parts }) => [
  route({
    method: 'post',
    path: '/parts',
    requires: 'part.manage',
    summary: { en: 'Specify a revision of a purchased part', zh: '制定采购件规格版本' },
    body: z.object({
      part: Code,
      ...specification,
      characteristics: z.array(Characteristic).max(200),
      validFrom: Moment,
    }),
    reply: { 201: PartView },
    errors: ['part-revision-already-specified', 'part-unit-fixed'],
    handle: async ({ body, context }) =>
      created(view(await parts.change(body.part, context, (known) => specifyPart(known, body)))),
  }),
  route({
    method: 'get',
    path: '/parts/:part',
    requires: 'part.read',
    summary: { en: 'A purchased part with its specification revisions', zh: '查询采购件及其规格版本' },
    reply: { 200: PartView },
    errors: ['part-unknown'],
    handle: async ({ params }) => {
      const known = await parts.get(params.part);
      if (!known) throw new Rejected('part-unknown', { part: params.part });
      return ok(view(known));
    },
  }),
];
