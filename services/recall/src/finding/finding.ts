import { createHash } from 'node:crypto';
import type { Finding, RecordOf } from '@lotwarden/contracts/events';

/** Something in a case that needs a person. */
export interface CaseFinding extends Finding {
  readonly case: string;
  readonly raisedAt: string;
}

/** The same finding in the same case is one finding, however often it is made. */
export const findingId = (recall: string, { code, subject, detail }: Finding): string =>
  `${recall}|${code}|${createHash('sha256')
    .update(JSON.stringify([subject, detail]))
    .digest('hex')
    .slice(0, 24)}`;

/** A held lot left all the same: the fact stands, somebody has to be called. With the hold that was broken. */
export const heldLotsLeft = (
  shipment: RecordOf<'warehouse.shipment.v1', 'ShipmentDispatched'>,
): { readonly hold: string; readonly finding: Finding }[] =>
  shipment.violations.flatMap(({ code, lot, detail: hold }) =>
    code === 'lot-on-hold' && lot !== null
      ? [
          {
            hold,
            finding: { code: 'held-lot-left', subject: lot, detail: `${shipment.shipment} to ${shipment.custodian}` },
          },
        ]
      : [],
  );
