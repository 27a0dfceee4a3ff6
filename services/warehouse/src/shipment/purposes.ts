/** What goods may be sent out for; everything but a sale goes by a signed order to one kind of destination. */
export const SHIPPING_PURPOSES = ['sale', 'contract-processing', 'return-to-supplier', 'laboratory'] as const;
export type ShippingPurpose = (typeof SHIPPING_PURPOSES)[number];

/** The kind of destination that an order for this purpose directs goods to; none for a sale. */
export const DESTINATIONS: Readonly<Record<ShippingPurpose, string | null>> = {
  sale: null,
  'contract-processing': 'contract-processor',
  'return-to-supplier': 'supplier',
  laboratory: 'laboratory',
};
