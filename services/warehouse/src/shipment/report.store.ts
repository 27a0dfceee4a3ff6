import type { LotLine, Violation } from '@lotwarden/contracts/events';
import { holdViolations } from '@lotwarden/platform/gate';
import { union } from '@lotwarden/platform/serial-range';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { shippable } from '../stock/take-stock.ts';
import { reportOut } from './ship-out.ts';

export interface Shipped {
  readonly shipment: string;
  readonly site: string;
  readonly soldTo: string;
  readonly shipTo: string;
  readonly custodian: string;
  /** Null where nobody knows which country the consignee is in. */
  readonly market: string | null;
  readonly dispatchedAt: string;
  readonly lines: readonly LotLine[];
}

/** Under which name it is known whether a shipment was commanded. */
export const shipmentRecord = (shipment: string): string => `shipment|${shipment}`;

/** What was shipped stays shipped: whatever rule it broke is told with it, and its consignee can be warned. */
export function shipmentReports({ shipments, stocks, containers, places, commanded }: House) {
  async function report(work: Work, shipped: Shipped, found: readonly Violation[]): Promise<void> {
    const [known] = await work.load(shipments, [shipped.shipment]);
    const before = known?.state.status === 'dispatched' ? known.state : undefined;
    if (before && before.custodian !== shipped.custodian) return elsewhere(work, shipped, before.custodian, found);
    const heard = await namedUnits(work, shipped.lines);
    const { lines, doubts } = before
      ? await commanded.news(work, shipmentRecord(shipped.shipment), before.lines, heard)
      : { lines: heard, doubts: [] };
    if (before && lines.length === 0) return;
    const violations = [...found, ...doubts, ...(await containerFindings(work, lines))];
    for (const line of lines) violations.push(...(await ship(work, shipped, line)));
    await record(work, { ...shipped, lines }, violations);
  }

  async function ship(work: Work, { shipment, site, market }: Shipped, line: LotLine): Promise<readonly Violation[]> {
    const { kind, first } = await places.of(work, site);
    const destination = { market, unreleased: false };
    const { events } = await work.change(stocks, line.lot, (stock, { id, holds }) => {
      const broken = holdViolations({ id, holds }, line.serials, 'sale');
      return reportOut(stock, { shipment, site, line, destination, broken }, shippable(kind), first('shipping'));
    });
    return events.flatMap((event) => ('violations' in event ? event.violations : []));
  }

  /** Told at another consignee than it was dispatched to: both must be warned, though the goods left only once. */
  async function elsewhere(work: Work, shipped: Shipped, custodian: string, found: readonly Violation[]) {
    const detail = `dispatched to ${custodian}, reported at ${shipped.custodian}`;
    const lines = await namedUnits(work, shipped.lines);
    await record(work, { ...shipped, lines }, [...found, { code: 'shipment-to-other-consignee', lot: null, detail }]);
  }

  const record = (work: Work, { market, ...facts }: Shipped, violations: readonly Violation[]) =>
    work.append(shipments, facts.shipment, [
      {
        type: 'ShipmentDispatched',
        ...facts,
        market: market ?? 'unknown',
        purpose: 'sale',
        origin: 'fact',
        violations,
      },
    ]);

  /** A report that names containers only means the units in them. */
  async function namedUnits(work: Work, lines: readonly LotLine[]): Promise<LotLine[]> {
    const named: LotLine[] = [];
    for (const line of lines) {
      const inside = (await work.load(containers, line.containers)).flatMap(({ state }) => state.contents);
      const serials = inside
        .filter(({ lot }) => lot === line.lot)
        .reduce((all, c) => union(all, c.serials), line.serials);
      named.push(line.serials.length > 0 ? line : { ...line, serials });
    }
    return named;
  }

  async function containerFindings(work: Work, lines: readonly LotLine[]): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const { lot, containers: named } of lines)
      for (const { id, state } of await work.load(containers, named)) {
        if (state.contents.length === 0) found.push({ code: 'container-unknown', lot, detail: id });
        else if (!state.seal) found.push({ code: 'container-not-sealed', lot, detail: id });
      }
    return found;
  }

  return report;
}

export type ShipmentReports = ReturnType<typeof shipmentReports>;
