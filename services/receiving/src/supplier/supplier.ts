import type { EventOf } from '@lotwarden/contracts/events';

export type SupplierEvent = EventOf<'receiving.supplier.v1'>;

interface Span {
  readonly validFrom: string;
  readonly validUntil: string;
}
interface Qualification extends Span {
  readonly parts: readonly string[];
}
interface Certificate extends Span {
  readonly certificate: string;
  readonly standard: string;
}

/** A supplier as we know it. ISO 13485:2016 7.4.1: bought from only while qualified. */
export type Supplier =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'registered';
      readonly supplier: string;
      readonly name: string;
      readonly country: string;
      readonly qualifications: readonly Qualification[];
      readonly certificates: readonly Certificate[];
    };

export const UNKNOWN_SUPPLIER: Supplier = { status: 'unknown' };

export function evolve(supplier: Supplier, event: SupplierEvent): Supplier {
  if (event.type === 'SupplierRegistered') {
    const { supplier: id, name, country } = event;
    return { status: 'registered', supplier: id, name, country, qualifications: [], certificates: [] };
  }
  if (supplier.status === 'unknown') return supplier;
  switch (event.type) {
    case 'SupplierQualified': {
      const { parts, validFrom, validUntil } = event;
      return { ...supplier, qualifications: [...supplier.qualifications, { parts, validFrom, validUntil }] };
    }
    case 'SupplierQualificationWithdrawn':
      return { ...supplier, qualifications: [] };
    case 'SupplierCertificateRecorded': {
      const { certificate, standard, validFrom, validUntil } = event;
      const others = supplier.certificates.filter((known) => known.certificate !== certificate);
      return { ...supplier, certificates: [...others, { certificate, standard, validFrom, validUntil }] };
    }
  }
}

export const covers = (span: Span, moment: string): boolean => span.validFrom <= moment && moment < span.validUntil;
