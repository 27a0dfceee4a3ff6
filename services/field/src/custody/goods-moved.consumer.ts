import type { LotLine } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import type { Work } from '@lotwarden/platform/store';
import type { Relabellings } from '../relabelling/relabelling.store.ts';
import { moveCustody, type Custodies } from './custody.store.ts';
import { custodyId, gainCustody, reduceCustody } from './custody.ts';

interface Needs {
  readonly custodies: Custodies;
  readonly directory: LotDirectory;
  readonly relabellings: Relabellings;
}

/** Custody follows the goods: a shipment gives it, a return takes it back. */
export const goodsMoved = ({ custodies, directory, relabellings }: Needs) => {
  /** The warehouse may have told of a placeholder before it heard which lot that is, and we after. */
  async function each(work: Work, lines: readonly LotLine[], book: (line: LotLine) => Promise<unknown>): Promise<void> {
    const current = await directory.current(
      lines.map(({ lot }) => lot),
      work,
    );
    for (const line of lines) await book({ ...line, lot: current(line.lot) });
  }
  async function merge(work: Work, placeholder: string, lot: string): Promise<void> {
    for (const { custodian, serials } of await moveCustody(custodies, work, placeholder, lot))
      await relabellings.arrived(work, custodian, lot, serials);
  }

  return [
    consumer({
      topic: 'warehouse.shipment.v1',
      group: 'field.custody',
      on: {
        ShipmentDispatched: ({ event: { shipment, custodian, lines } }, work) =>
          each(work, lines, async (line) => {
            const gained = gainCustody({ custodian, line, cause: { kind: 'shipment', id: shipment } });
            await work.append(custodies, custodyId(custodian, line.lot), gained);
            await relabellings.arrived(work, custodian, line.lot, line.serials);
          }),
      },
    }),
    consumer({
      topic: 'warehouse.return.v1',
      group: 'field.custody',
      on: {
        ReturnReceived: ({ event }, work) =>
          each(work, event.lines, (line) => {
            const custodian = event.from;
            const cause = { kind: 'return', id: event.return };
            return work.change(custodies, custodyId(custodian, line.lot), (known) =>
              reduceCustody(known, { custodian, line, cause }),
            );
          }),
      },
    }),
    consumer({
      topic: 'receiving.material-lot.v1',
      group: 'field.lots',
      on: {
        MaterialLotReceived: ({ event }, work) => directory.hear(work, event, merge),
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
    consumer({
      topic: 'mes-bridge.production-lot.v1',
      group: 'field.lots',
      on: {
        ProductionLotDeclared: ({ event }, work) => directory.hear(work, event, merge),
        LotAliasAssigned: ({ event }, work) => directory.hear(work, event, merge),
      },
    }),
  ];
};
