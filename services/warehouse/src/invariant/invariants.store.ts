import { mayMoveHeld, type Direction, type Purpose } from '@lotwarden/platform/gate';
import { scopeTouches } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, AnyEvent, Holds, Stored } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { EVIDENCE, type DispatchEvidence } from '../shipment/dispatch.store.ts';
import { DESTINATIONS } from '../shipment/purposes.ts';

export interface Violator {
  readonly subject: string;
  readonly detail: string;
}

type Line = DispatchEvidence['lines'][number];

/** Queries that return violators; empty lists are good news. */
export function invariants(db: Deps['db'], { stocks, shipments, containers, movementOrders }: House) {
  /**
   * The decision that let goods go is not asked again. Each dispatch kept which epochs the gate had acknowledged before
   * it decided; the gate's documents say in which epoch each lot was held. A lot held in an epoch that had been
   * acknowledged, and shipped all the same, slipped through: by a wrong decision, or because the two writes missed each
   * other.
   */
  async function shippedAgainstHold(): Promise<Violator[]> {
    const found: Violator[] = [];
    const dispatches = db.collection<DispatchEvidence>(EVIDENCE).find({ acknowledged: { $ne: {} } });
    for await (const { _id, purpose, order, lines, acknowledged } of dispatches) {
      const direction = await directed(purpose, order ?? null);
      if (mayMoveHeld(purpose as Purpose, direction)) continue;
      for (const line of lines) {
        const holds = (await stocks.get(line.lot))?.holds ?? {};
        for (const hold of heldBefore(holds, line, acknowledged))
          found.push({ subject: _id, detail: `${line.lot} was held by ${hold} when it was shipped` });
      }
    }
    return found;
  }

  /** Only an order that somebody signed directs goods anywhere. */
  async function directed(purpose: string, order: string | null): Promise<Direction | undefined> {
    const destination = destinationOf(purpose);
    const signed = order === null ? undefined : await movementOrders.get(order);
    if (destination === undefined || order === null || signed?.state.status !== 'signed') return undefined;
    return signed.state.purpose === purpose ? { destination, order } : undefined;
  }

  const brokenRules = () =>
    each(shipments, { 'state.violations.0': { $exists: true } }, ({ id, state }) =>
      state.status === 'unknown'
        ? []
        : state.violations.map(({ code, lot, detail }) => ({ subject: id, detail: `${code} ${lot ?? ''} ${detail}` })),
    );

  const unknownContents = () =>
    each(shipments, { 'state.lines.containers.0': { $exists: true } }, async ({ id, state }) => {
      const lines = state.status === 'unknown' ? [] : state.lines;
      const found: Violator[] = [];
      for (const container of new Set(lines.flatMap((line) => line.containers)))
        if (!(await containers.get(container))?.state.contents.length)
          found.push({ subject: id, detail: `${container}: nobody told what is in it` });
      return found;
    });

  const negative = () =>
    each(stocks, { 'state.buckets.quantity.value': /^-/ }, ({ id, state }) =>
      state.buckets
        .filter(({ quantity }) => quantity.value.startsWith('-'))
        .map(({ site, location, quantity }) => ({ subject: id, detail: `${quantity.value} at ${site} ${location}` })),
    );

  return async () => [
    { invariant: 'no-command-shipped-a-lot-whose-hold-was-acknowledged', violators: await shippedAgainstHold() },
    { invariant: 'no-reported-shipment-broke-a-rule', violators: await brokenRules() },
    { invariant: 'contents-of-every-shipped-container-are-known', violators: await unknownContents() },
    { invariant: 'no-stock-is-negative', violators: await negative() },
  ];
}

/** Where an order for the purpose directs goods to. */
const destinationOf = (purpose: string): string | undefined =>
  Object.entries(DESTINATIONS).find(([named]) => named === purpose)?.[1] ?? undefined;

const heldBefore = (holds: Holds, line: Line, acknowledged: DispatchEvidence['acknowledged']): string[] =>
  Object.entries(acknowledged).flatMap(([hold, epoch]) => {
    const entry = holds[hold];
    if (entry?.state !== 'held' || entry.placed === null || entry.epoch > epoch) return [];
    return scopeTouches(entry.placed, line.serials) ? [hold] : [];
  });

async function each<S, E extends AnyEvent>(
  aggregate: Aggregate<S, E>,
  filter: Parameters<Aggregate<S, E>['find']>[0],
  look: (stored: Stored<S>) => readonly Violator[] | Promise<readonly Violator[]>,
): Promise<Violator[]> {
  const found: Violator[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await aggregate.find(filter, { limit: 500, after });
    for (const item of items) found.push(...(await look(item)));
    if (next === undefined) return found;
    after = next;
  }
}
