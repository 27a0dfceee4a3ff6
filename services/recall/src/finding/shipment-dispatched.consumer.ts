import { consumer } from '@lotwarden/platform/consumer';
import type { HoldBook } from '../hold/hold.store.ts';
import type { Findings } from './finding.store.ts';
import { heldLotsLeft } from './finding.ts';

interface Needs {
  readonly book: HoldBook;
  readonly findings: Findings;
}

/** A held lot that left all the same: its consignee comes into scope by traceability, a person is told at once. */
export const shipmentDispatched = ({ book, findings }: Needs) =>
  consumer({
    topic: 'warehouse.shipment.v1',
    group: 'recall.shipment',
    on: {
      ShipmentDispatched: async ({ event }, work) => {
        for (const { hold, finding } of heldLotsLeft(event)) {
          const [known] = await work.load(book.holds, [hold]);
          if (known?.state.status === 'placed') await findings.raise(work, known.state.case, [finding]);
        }
      },
    },
  });
