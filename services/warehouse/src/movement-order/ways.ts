/**
 * What a signed order may direct, and where to (ISO 13485:2016 8.3; correctness rule 22). What is not named here nobody
 * can order. Whether held or unreleased goods may move so is the gate's own table, `@lotwarden/platform/gate`.
 */
export const ORDER_PURPOSES = [
  'quarantine',
  'leave-quarantine',
  'laboratory',
  'return-to-supplier',
  'contract-processing',
  'destruction',
] as const;
export type OrderPurpose = (typeof ORDER_PURPOSES)[number];

export const DESTINATION_ROLES = [
  'quarantine',
  'store',
  'laboratory',
  'supplier',
  'contract-processor',
  'destruction',
] as const;
export type DestinationRole = (typeof DESTINATION_ROLES)[number];

const WAYS: Readonly<Record<OrderPurpose, DestinationRole>> = {
  quarantine: 'quarantine',
  'leave-quarantine': 'store',
  laboratory: 'laboratory',
  'return-to-supplier': 'supplier',
  'contract-processing': 'contract-processor',
  destruction: 'destruction',
};

export const mayDirect = (purpose: OrderPurpose, destination: DestinationRole): boolean =>
  WAYS[purpose] === destination;
