import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, route } from '@lotwarden/platform/http';
import { Code, Instant, Moment, Text } from '@lotwarden/platform/http-schemas';
import type { Aggregate, Stored } from '@lotwarden/platform/store';
import { z } from 'zod';
import {
  qualifySupplier,
  recordCertificate,
  registerSupplier,
  registered,
  withdrawQualification,
} from './manage-supplier.ts';
import type { Supplier, SupplierEvent } from './supplier.ts';

export type Suppliers = Aggregate<Supplier, SupplierEvent>;

const Span = { validFrom: Moment, validUntil: Moment };
const SpanView = { validFrom: Instant, validUntil: Instant };

const SupplierView = z
  .object({
    supplier: z.string(),
    name: z.string(),
    country: z.string(),
    qualifications: z.array(z.object({ parts: z.array(z.string()), ...SpanView })),
    certificates: z.array(z.object({ certificate: z.string(), standard: z.string(), ...SpanView })),
    rev: z.number().int(),
  })
  .meta({ id: 'Supplier' });

function view({ state, rev }: Stored<Supplier>) {
  const { status: _, ...supplier } = registered(state);
  return { ...supplier, rev };
}

export const supplierRoutes = ({ suppliers }: { suppliers: Suppliers }) => [
  route({
    method: 'post',
    path: '/suppliers',
    requires: 'supplier.manage',
    summary: { en: 'Register a supplier', zh: '登记供应商' },
    body: z.object({ supplier: Code, name: Text, country: z.string().regex(/^[A-Z]{2}$/) }),
    reply: { 201: SupplierView },
    errors: ['supplier-already-registered'],
    handle: async ({ body, context }) =>
      created(view(await suppliers.change(body.supplier, context, (known) => registerSupplier(known, body)))),
  }),
  route({
    method: 'post',
    path: '/suppliers/:supplier/qualifications',
    requires: 'supplier.manage',
    summary: { en: 'Qualify a supplier for parts', zh: '认定供应商的供货资质' },
    body: z.object({ parts: z.array(Code).min(1).max(500), ...Span }),
    reply: { 201: SupplierView },
    errors: ['supplier-unknown', 'validity-empty'],
    handle: async ({ params, body, context }) =>
      created(view(await suppliers.change(params.supplier, context, (known) => qualifySupplier(known, body)))),
  }),
  route({
    method: 'post',
    path: '/suppliers/:supplier/certificates',
    requires: 'supplier.manage',
    summary: { en: 'Record a certificate of a supplier', zh: '登记供应商证书' },
    body: z.object({
      certificate: Code,
      standard: Text,
      ...Span,
      document: z.string().max(200).nullable().default(null),
    }),
    reply: { 201: SupplierView },
    errors: ['supplier-unknown', 'validity-empty'],
    handle: async ({ params, body, context }) =>
      created(view(await suppliers.change(params.supplier, context, (known) => recordCertificate(known, body)))),
  }),
  route({
    method: 'post',
    path: '/suppliers/:supplier/withdrawals',
    requires: 'supplier.manage',
    summary: { en: "Withdraw a supplier's qualifications", zh: '撤销供应商资质' },
    body: z.object({ reason: Text }),
    reply: { 201: SupplierView },
    errors: ['supplier-unknown'],
    handle: async ({ params, body, context }) =>
      created(
        view(await suppliers.change(params.supplier, context, (known) => withdrawQualification(known, body.reason))),
      ),
  }),
  route({
    method: 'get',
    path: '/suppliers/:supplier',
    requires: 'supplier.read',
    summary: { en: 'A supplier with qualifications and certificates', zh: '查询供应商及其资质和证书' },
    reply: { 200: SupplierView },
    errors: ['supplier-unknown'],
    handle: async ({ params }) => {
      const known = await suppliers.get(params.supplier);
      if (!known) throw new Rejected('supplier-unknown', { supplier: params.supplier });
      return ok(view(known));
    },
  }),
];
