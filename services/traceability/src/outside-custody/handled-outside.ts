import { intersect, subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import type { EventOf } from '@lotwarden/contracts/events';
import { createOverlaps } from '../trace/overlaps.ts';

/** What is read: who has the goods, and what we say that we did to them. */
export const READ = [
  'warehouse.shipment.v1',
  'warehouse.return.v1',
  'warehouse.stock.v1',
  'mes-bridge.operation.v1',
  'serialization.container.v1',
] as const;

type Event = EventOf<(typeof READ)[number]>;

export interface ToldOfGoods {
  readonly id: string;
  readonly topic: string;
  readonly aggregate: string;
  readonly occurredAt: string;
  readonly event: Event;
}

/** Units that we say we handled at a time when, by our own shipments and returns, somebody else had them. */
export interface HandledOutside {
  readonly serials: readonly SerialRange[];
  readonly shipment: string;
  readonly custodian: string;
  readonly leftAt: string;
  /** null: it has not come back. */
  readonly backAt: string | null;
  readonly type: string;
  /** The operation, shipment or container, or what the warehouse gave as the cause. */
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly source: { readonly id: string; readonly topic: string; readonly aggregate: string };
}

interface Outside {
  readonly serials: readonly SerialRange[];
  readonly shipment: string;
  readonly custodian: string;
  readonly leftAt: string;
  readonly backAt: string | null;
}

interface Handling {
  readonly serials: readonly SerialRange[];
  readonly type: string;
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly told: ToldOfGoods;
}

/**
 * Only units that are named by serial can be told: of a lot some pieces are always elsewhere. Voided operations do not count,
 * nor what is told as done at a custodian. `lots`: the lot under all its names.
 */
export function handledOutside(lots: ReadonlySet<string>, told: readonly ToldOfGoods[]): HandledOutside[] {
  const inOrder = told.toSorted((a, b) => compare(timeOf(a), timeOf(b)) || compare(a.id, b.id));
  const outside = outsideTimes(lots, inOrder);
  const awayWith = createOverlaps(outside.map((time) => [time, time.serials] as const));
  const voided = new Set(told.flatMap(({ event }) => (event.type === 'OperationVoided' ? [event.operation] : [])));
  return inOrder
    .flatMap((one) => handlingIn(lots, one) ?? [])
    .filter(({ by, type }) => type !== 'OperationRecorded' || !voided.has(by))
    .flatMap(({ told: { id, topic, aggregate }, serials, ...handling }) =>
      awayWith(serials).flatMap((time): HandledOutside[] => {
        const units = intersect(time.serials, serials);
        const own = handling.type === 'ShipmentDispatched' && time.shipment === handling.by;
        const meets = handling.to > time.leftAt && (time.backAt === null || handling.from < time.backAt);
        return units.length === 0 || own || !meets
          ? []
          : [{ ...time, ...handling, serials: units, source: { id, topic, aggregate } }];
      }),
    );
}

/** From each shipment until the first return after it that brings the unit back. */
function outsideTimes(lots: ReadonlySet<string>, inOrder: readonly ToldOfGoods[]): Outside[] {
  const returns = inOrder.flatMap(({ event }, at) =>
    event.type === 'ReturnReceived' ? [{ at, backAt: event.receivedAt, serials: serialsOf(lots, event.lines) }] : [],
  );
  const bringing = createOverlaps(returns.map((one) => [one, one.serials] as const));
  return inOrder.flatMap(({ event }, at): Outside[] => {
    if (event.type !== 'ShipmentDispatched') return [];
    const { shipment, custodian, dispatchedAt: leftAt } = event;
    let away = serialsOf(lots, event.lines);
    const times: Outside[] = [];
    const later = bringing(away).filter((one) => one.at > at).sort((a, b) => a.at - b.at); // prettier-ignore
    for (const { backAt, serials: back } of later) {
      const serials = intersect(away, back);
      if (serials.length > 0) times.push({ serials, shipment, custodian, leftAt, backAt });
      away = subtract(away, back);
    }
    return away.length > 0 ? [...times, { serials: away, shipment, custodian, leftAt, backAt: null }] : times;
  });
}

/** Done where the goods are, by whoever goes there. */
const ELSEWHERE: ReadonlySet<string> = new Set(['field-relabel']);

function handlingIn(lots: ReadonlySet<string>, told: ToldOfGoods): Handling | undefined {
  const { event, occurredAt } = told;
  const at = (by: string, serials: readonly SerialRange[], from = occurredAt, to = from): Handling | undefined =>
    serials.length === 0 ? undefined : { serials, type: event.type, by, from, to, told };
  switch (event.type) {
    case 'OperationRecorded':
      return ELSEWHERE.has(event.kind)
        ? undefined
        : at(event.operation, serialsOf(lots, [...event.inputs, ...event.outputs, ...event.scrap]), ...inTime(event));
    case 'ShipmentDispatched':
      return at(event.shipment, serialsOf(lots, event.lines), event.dispatchedAt);
    case 'StockIssued':
    case 'StockScrapped':
    case 'StockDestroyed':
      // What an operation issued or scrapped is told by the operation.
      return lots.has(event.lot) && event.cause.kind !== 'operation' ? at(`${event.cause.kind} ${event.cause.id}`, event.serials) : undefined; // prettier-ignore
    case 'ContainerPacked':
      return at(event.container, serialsOf(lots, event.contents));
    default:
      return undefined;
  }
}

const inTime = ({ startedAt, endedAt }: { startedAt: string; endedAt: string }): [from: string, to: string] =>
  startedAt < endedAt ? [startedAt, endedAt] : [endedAt, startedAt];

function timeOf({ event, occurredAt }: ToldOfGoods): string {
  if (event.type === 'ShipmentDispatched') return event.dispatchedAt;
  return event.type === 'ReturnReceived' ? event.receivedAt : occurredAt;
}

const serialsOf = (
  lots: ReadonlySet<string>,
  lines: readonly { readonly lot: string; readonly serials: readonly SerialRange[] }[],
): SerialRange[] => union(lines.flatMap((line) => (lots.has(line.lot) ? [...line.serials] : [])), []); // prettier-ignore

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
