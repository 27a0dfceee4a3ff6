import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Gtin, Moment, Quantity, SerialRange } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { parseSerial } from '@lotwarden/platform/serial-range';
import { sameState, type Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { Parties } from '../party/party.routes.ts';
import type { Custodies } from './custody.store.ts';
import { custodyId, useUnits, type Custody } from './custody.ts';

const CustodyView = z
  .object({
    custodian: z.string(),
    lot: z.string(),
    quantities: z.array(Quantity).meta({ description: 'One a unit of measure' }),
    serials: z.array(SerialRange),
    usedQuantities: z.array(Quantity),
    used: z.array(SerialRange),
    rev: z.number().int(),
  })
  .meta({ id: 'Custody' });

const view = ({ state, rev }: Stored<Custody>) => ({ ...state, rev });

export const custodyRoutes = ({ custodies, parties }: { custodies: Custodies; parties: Parties }) => [
  route({
    method: 'get',
    path: '/custody',
    requires: 'custody.read',
    summary: { en: 'What parties hold beyond our dock, by custodian or lot', zh: '按持有方或批次查询在外货物' },
    query: z.object({ ...pageQuery, custodian: Code.optional(), lot: Code.optional() }),
    reply: { 200: pageOf(CustodyView) },
    handle: async ({ query: { limit, cursor, ...wanted } }) => {
      const { items, next } = await custodies.find(sameState(wanted), { limit, after: cursor });
      return ok(page(items.map(view), next));
    },
  }),
  route({
    method: 'post',
    path: '/use-records',
    requires: 'use.record',
    summary: { en: 'Record that a unit was used; never whose patient', zh: '登记单件使用(不得包含患者身份)' },
    body: z.object({
      custodian: Code,
      lot: Code,
      gtin: Gtin,
      serial: z.string().min(1).max(30),
      usedAt: Moment,
      // Opaque by force: a token that could spell a name or a record number is not taken.
      useToken: z
        .string()
        .regex(
          /^[A-Za-z0-9_-]{16,64}$/,
          words('16 to 64 letters and digits made at random by the hospital', '由医院随机生成的 16 至 64 位字母和数字'),
        ),
    }),
    reply: { 201: CustodyView },
    errors: ['party-unknown', 'serial-invalid'],
    handle: async ({ body: { custodian, lot, gtin, serial, usedAt, useToken }, context }) => {
      if (!(await parties.get(custodian))) throw new Rejected('party-unknown', { party: custodian });
      const line = {
        lot,
        quantity: { value: '1', unit: 'EA' },
        serials: [parseSerial(gtin, serial)],
        containers: [],
      };
      const used = await custodies.change(custodyId(custodian, lot), context, (known) =>
        useUnits(known, { custodian, line, usedAt, useToken }),
      );
      return created(view(used));
    },
  }),
];
