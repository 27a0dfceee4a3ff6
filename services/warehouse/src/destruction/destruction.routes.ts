import { Rejected } from '@lotwarden/platform/errors';
import type { Gate } from '@lotwarden/platform/gate';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Instant, LotLine, Violation } from '@lotwarden/platform/http-schemas';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import { ShownSignature } from '@lotwarden/platform/shown-signature';
import type { SignedRecord } from '@lotwarden/platform/signature';
import type { SignOff } from '@lotwarden/platform/sign-off';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import type { House } from '../house.ts';
import type { Numbers } from '../record/numbers.store.ts';
import { RecordToSign } from '../record/record-to-sign.routes.ts';
import { Line } from '../shipment/shipment.routes.ts';
import { byLot } from '../shipment/expand-containers.ts';
import { witnessRecord, type Destruction, type Witnessed } from './destruction.ts';
import type { DestructionBooks } from './destructions.store.ts';

const DestructionView = z
  .object({
    destruction: z.string(),
    status: z.literal('recorded'),
    site: z.string(),
    destroyedAt: Instant,
    witness: z.string().meta({ description: 'who saw it; as another system said, where there are no signatures' }),
    signatures: z.array(ShownSignature),
    lines: z.array(LotLine),
    violations: z.array(Violation),
    rev: z.number().int(),
  })
  .meta({ id: 'Destruction' });

const viewed = (showing: ShowSignatures) =>
  async function view({ id, state, rev }: Stored<Destruction>) {
    if (state.status === 'unknown') throw new Rejected('destruction-unknown', { destruction: id });
    const { signature, location, order, ...facts } = state;
    const now = witnessRecord({ ...facts, location: location ?? '', order: order ?? undefined });
    return { ...facts, signatures: await showing(signature ? [{ signature, now }] : []), rev };
  };

/** As the goods are put on record: a line for each lot. */
const recordOf = (asked: Witnessed): SignedRecord => witnessRecord({ ...asked, lines: byLot(asked.lines) });

const Destroying = z.object({
  destruction: Code.optional(),
  site: Code,
  location: Code,
  lines: z.array(Line).min(1).max(500),
  order: Code.optional().meta({ description: 'The signed order; needed for held goods' }),
});

const ToSign = z.object({ destruction: z.string(), record: RecordToSign }).meta({ id: 'DestructionToSign' });

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock'>;
  readonly house: Pick<House, 'destructions'>;
  readonly books: DestructionBooks;
  readonly number: Numbers;
  readonly gate: Gate;
  readonly signing: SignOff;
  readonly showing: ShowSignatures;
}

export function destructionRoutes(needs: Needs) {
  const { books, number, gate, signing, showing } = needs;
  const { work, clock } = needs.deps;
  const { destructions } = needs.house;
  const view = viewed(showing);

  return [
    route({
      method: 'post',
      path: '/destruction-records',
      requires: 'destruction.record',
      summary: { en: 'The record that the witness of a destruction signs', zh: '销毁见证人的待签记录' },
      body: Destroying,
      reply: { 200: ToSign },
      handle: async ({ body }) => {
        const destruction = body.destruction ?? (await number('DS', (taken) => destructions.get(taken)));
        return ok({ destruction, record: recordOf({ ...body, destruction }) });
      },
    }),
    route({
      method: 'post',
      path: '/destructions',
      requires: 'destruction.record',
      summary: { en: 'Destroy goods; somebody else has seen it and signs', zh: '销毁货物,由另一人见证签署' },
      body: Destroying.extend({
        destruction: Code,
        signature: z.string().min(20).max(8000).meta({ description: 'Of the witness, with the meaning witness' }),
      }),
      reply: { 201: DestructionView },
      errors: [
        'gate-closed',
        'lot-unknown',
        'quantity-not-available',
        'serials-required',
        'serial-not-in-custody',
        'lot-on-hold',
        'order-unknown',
        'order-for-other-goods',
        'order-used-up',
        'destruction-already-recorded',
        'signature-invalid',
        'signature-for-another-record',
        'signature-meaning-other',
        'signature-by-author',
      ],
      handle: async ({ body: { signature: jws, ...body }, context }) => {
        // Whoever destroys is not the one who sees it (ISO 13485 8.3.4).
        const involved = [{ person: context.actor, as: 'author' as const }];
        const { signature } = await signing.by({
          jws,
          record: recordOf(body),
          meaning: 'witness',
          involved,
          at: { site: body.site },
        });
        const destroyedAt = context.occurredAt ?? clock.instant();
        const destroyed = await work(context, (unit) => {
          gate.assertOpen();
          return books.destroy(unit, { ...body, destroyedAt, witness: signature.signer, signature });
        });
        return created(await view(destroyed));
      },
    }),
    route({
      method: 'get',
      path: '/destructions',
      requires: 'shipment.read',
      summary: { en: 'Destructions, by lot', zh: '按批次查询销毁' },
      query: z.object({ ...pageQuery, lot: Code.optional() }),
      reply: { 200: pageOf(DestructionView) },
      handle: async ({ query: { limit, cursor, lot } }) => {
        const filter = lot === undefined ? {} : { 'state.lines.lot': lot };
        const { items, next } = await destructions.find(filter, { limit, after: cursor });
        return ok(page(await Promise.all(items.map(view)), next));
      },
    }),
    route({
      method: 'get',
      path: '/destructions/:destruction',
      requires: 'shipment.read',
      summary: { en: 'A destruction with its lines', zh: '查询销毁及其明细' },
      reply: { 200: DestructionView },
      errors: ['destruction-unknown'],
      handle: async ({ params }) => {
        const known = await destructions.get(params.destruction);
        if (!known) throw new Rejected('destruction-unknown', { destruction: params.destruction });
        return ok(await view(known));
      },
    }),
  ];
}
