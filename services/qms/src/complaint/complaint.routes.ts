import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Gtin, Instant, Moment, SerialRange, Text } from '@lotwarden/platform/http-schemas';
import { sequences } from '@lotwarden/platform/sequence';
import { parseSerial } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import type { Stored } from '@lotwarden/platform/store';
import { restricted } from '@lotwarden/platform/http-restricted';
import { z } from 'zod';
import type { House } from '../house.ts';
import { receiveComplaint, type Complaint } from './complaint.ts';

const ComplaintView = z
  .object({
    complaint: z.string(),
    product: z.string().nullable(),
    lot: z.string().nullable(),
    serial: SerialRange.nullable(),
    suspectedLot: z.string().nullable(),
    description: z.string(),
    reporter: restricted('reporter.read', z.string()),
    reportedAt: Instant,
    rev: z.number().int(),
  })
  .meta({ id: 'Complaint' });

const Unit = z.object({ gtin: Gtin, serial: z.string().min(1).max(30) });

function view({ id, state, rev }: Stored<Complaint>) {
  if (state.status === 'unknown') throw new Rejected('complaint-unknown', { complaint: id });
  const { status: _, ...facts } = state;
  return { ...facts, rev };
}

interface Needs {
  readonly deps: Pick<Deps, 'db' | 'clock'>;
  readonly house: House;
}

export function complaintRoutes({ deps: { db, clock }, house: { complaints } }: Needs) {
  const next = sequences(db);

  /** A database restored from a backup counts from where it was; numbers given since then are passed over. */
  async function number(): Promise<string> {
    const year = clock.instant().slice(0, 4);
    for (;;) {
      const id = `CMP-${year}-${String(await next(`complaint|${year}`)).padStart(5, '0')}`;
      if (!(await complaints.get(id))) return id;
    }
  }

  return [
    route({
      method: 'post',
      path: '/complaints',
      requires: 'complaint.record',
      summary: { en: 'Record a complaint; never a patient', zh: '登记投诉(不得包含患者身份)' },
      body: z.object({
        product: Code.nullable().default(null),
        lot: Code.nullable().default(null),
        unit: Unit.nullable().default(null),
        suspectedLot: Code.nullable().default(null),
        description: Text,
        reporter: Code,
        reportedAt: Moment.optional(),
      }),
      reply: { 201: ComplaintView },
      handle: async ({ body: { unit, ...body }, context }) => {
        const complaint = await number();
        const serial = unit === null ? null : parseSerial(unit.gtin, unit.serial);
        const { reportedAt = clock.instant() } = body;
        const received = await complaints.change(complaint, context, (known) =>
          receiveComplaint(known, { ...body, complaint, serial, reportedAt }),
        );
        return created(view(received), { location: `/complaints/${complaint}` });
      },
    }),
    route({
      method: 'get',
      path: '/complaints/:complaint',
      requires: 'complaint.read',
      summary: { en: 'A complaint', zh: '查询投诉' },
      reply: { 200: ComplaintView },
      errors: ['complaint-unknown'],
      handle: async ({ params }) => {
        const known = await complaints.get(params.complaint);
        if (!known) throw new Rejected('complaint-unknown', { complaint: params.complaint });
        return ok(view(known));
      },
    }),
  ];
}
