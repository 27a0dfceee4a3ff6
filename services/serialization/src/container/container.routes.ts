import type { LotLine } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, type Gate } from '@lotwarden/platform/gate';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, LotLine as LotLineView, SerialRanges, Text } from '@lotwarden/platform/http-schemas';
import { gs1CheckDigit, isSscc } from '@lotwarden/platform/ids';
import { sequences } from '@lotwarden/platform/sequence';
import { count } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import { checkUnits, contentsOfChildren, LEVELS, packContainer, sealContainer, type Container } from './container.ts';
import { openOne } from './open-containers.store.ts';
import { packUnits } from './packed-units.ts';

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
  readonly deps: Pick<Deps, 'work' | 'db'>;
  readonly house: House;
  readonly gate: Gate;
  readonly ssccPrefix: string;
}

export function containerRoutes({ deps: { work, db }, house, gate, ssccPrefix }: Needs) {
  const next = sequences(db);

  async function mint(): Promise<string> {
    for (;;) {
      const reference = String(await next('sscc')).padStart(17 - ssccPrefix.length, '0');
      const body = ssccPrefix + reference;
      const container = body + gs1CheckDigit(body);
      if (!(await house.containers.get(container))) return container;
    }
  }

  return [
    route({
      method: 'post',
      path: '/containers',
      requires: 'container.pack',
      summary: { en: 'Pack units or sealed containers into a container', zh: '装箱(单件或已封包装)' },
      body: z.object({
        container: z.string().optional(),
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
        'unit-already-packed',
        'serial-not-of-lot',
        'container-without-contents',
      ],
      handle: async ({ body: { container: given, level, site, children, lines }, context }) => {
        if (given !== undefined && !isSscc(given)) throw new Rejected('sscc-invalid', { container: given });
        const container = given ?? (await mint());
        const packed = await work(context, async (unit) => {
          const inside = await unit.load(house.containers, children);
          for (const child of children) await unit.touch(house.containers, child);
          const contents: LotLine[] = contentsOfChildren(
            inside.map(({ state }) => state),
            level,
          );
          for (const { lot, serials } of lines) {
            const [known] = await unit.load(house.serials, [lot]);
            await unit.touch(house.serials, lot);
            const line = { lot, serials, quantity: { value: String(count(serials)), unit: 'EA' }, containers: [] };
            checkUnits(line, known?.state.ranges ?? []);
            await unit.change(house.packed, lot, (state) => packUnits(state, container, serials));
            contents.push(line);
          }
          return unit.change(house.containers, container, (known) =>
            packContainer(known, { container, level, site, children, contents }),
          );
        });
        return created(view(packed), { location: `/containers/${container}` });
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
        const sealed = await work(context, async (unit) => {
          const [known] = await unit.load(house.containers, [container]);
          for (const { lot, serials } of known?.state.contents ?? []) {
            const [ofLot] = await unit.load(house.serials, [lot]);
            // A hold that comes between looking and sealing must make this look again.
            await unit.touch(house.serials, lot);
            if (ofLot) assertFree(ofLot, serials, 'seal');
          }
          return unit.change(house.containers, container, (state) => {
            if (state.status === 'unknown') throw new Rejected('container-unknown', { container });
            return sealContainer(state);
          });
        });
        return created(view(sealed));
      },
    }),
    route({
      method: 'post',
      path: '/containers/:container/openings',
      requires: 'container.pack',
      summary: { en: 'Open a container; its seal is void', zh: '开箱' },
      body: z.object({ reason: Text }),
      reply: { 201: ContainerView },
      errors: ['container-unknown'],
      handle: async ({ params: { container }, body: { reason }, context }) =>
        created(
          view(
            await work(context, async (unit) => {
              const [before] = await unit.load(house.containers, [container]);
              if (before?.state.status !== 'packed' && before?.state.status !== 'sealed')
                throw new Rejected('container-unknown', { container });
              await openOne(unit, house, container, reason);
              const [after] = await unit.load(house.containers, [container]);
              if (!after) throw new Rejected('container-unknown', { container });
              return after;
            }),
          ),
        ),
    }),
    route({
      method: 'get',
      path: '/containers/:container',
      requires: 'serial.read',
      summary: { en: 'A container with all it holds, at any depth', zh: '查询包装及其全部内容' },
      reply: { 200: ContainerView },
      errors: ['container-unknown'],
      handle: async ({ params: { container } }) => {
        const known = await house.containers.get(container);
        if (!known) throw new Rejected('container-unknown', { container });
        return ok(view(known));
      },
    }),
  ];
}
