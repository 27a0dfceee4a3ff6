import { Rejected } from '@lotwarden/platform/errors';
import type { Supplier, SupplierEvent } from './supplier.ts';

interface Validity {
  readonly validFrom: string;
  readonly validUntil: string;
}

/** A supplier is registered once; the same words again change nothing. */
export function registerSupplier(
  known: Supplier,
  asked: { supplier: string; name: string; country: string },
): SupplierEvent[] {
  if (known.status === 'unknown') return [{ type: 'SupplierRegistered', ...asked }];
  if (known.name === asked.name && known.country === asked.country) return [];
  throw new Rejected('supplier-already-registered', { supplier: asked.supplier });
}

export function qualifySupplier(known: Supplier, asked: Validity & { parts: readonly string[] }): SupplierEvent[] {
  const { supplier } = registered(known);
  return [{ type: 'SupplierQualified', supplier, ...checked(asked) }];
}

export function recordCertificate(
  known: Supplier,
  asked: Validity & { certificate: string; standard: string; document: string | null },
): SupplierEvent[] {
  const { supplier } = registered(known);
  return [{ type: 'SupplierCertificateRecorded', supplier, ...checked(asked) }];
}

export function withdrawQualification(known: Supplier, reason: string): SupplierEvent[] {
  const { supplier, qualifications } = registered(known);
  return qualifications.length === 0 ? [] : [{ type: 'SupplierQualificationWithdrawn', supplier, reason }];
}

export function registered(supplier: Supplier): Exclude<Supplier, { status: 'unknown' }> {
  if (supplier.status === 'unknown') throw new Rejected('supplier-unknown');
  return supplier;
}

function checked<Asked extends Validity>(asked: Asked): Asked {
  if (asked.validUntil <= asked.validFrom)
    throw new Rejected('validity-empty', { validFrom: asked.validFrom, validUntil: asked.validUntil });
  return asked;
}
