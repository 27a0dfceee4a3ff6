/** A lot as some system names it; system `lotwarden` means our own global lot id. */
export interface LotRef {
  readonly system: string;
  readonly code: string;
}

export const OWN_SYSTEM = 'lotwarden';

/** The system under which a supplier's own lot numbers are known. */
export const supplierSystem = (supplier: string): string => `supplier:${supplier}`;

/** One key for a name: the separator may occur in the code but not in the system. */
export const lotRefKey = (ref: LotRef): string => `${ref.system.replaceAll('|', '%7C')}|${ref.code}`;
