import { acknowledgedAt, mayMoveHeld, type Direction, type Purpose } from '@lotwarden/platform/gate';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, AnyEvent, Stored } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { EVIDENCE, type DispatchEvidence } from '../shipment/dispatch.store.ts';
import { DESTINATIONS } from '../shipment/purposes.ts';
import { heldBefore, heldNow } from './held-before.ts';

export interface Violator {
  readonly subject: string;
  readonly detail: string;
}

/** Queries that return violators; empty lists are good news. */
export function invariants(db: Deps['db'], { stocks, shipments, containers, movementOrders }: House) {
  /**
   * The decision that let goods go is not asked again. Each dispatch kept up to which place of the hold topic the gate
   * had acknowledged before it decided; the gate kept at which place it acknowledged each epoch, and its documents say
   * in which epoch each lot was held. A lot held in an epoch that had been acknowledged, and shipped all the same,
   * slipped through: by a wrong decision, or because the two writes missed each other.
   */
  async function shippedAgainstHold(): Promise<Violator[]> {
    const found: Violator[] = [];
    const dispatches = db
      .collection<DispatchEvidence>(EVIDENCE)
      .find({ 'acknowledged.incarnation': { $type: 'string' } });
    for await (const { _id, purpose, order, lines, acknowledged } of dispatches) {
      const direction = await directed(purpose, order ?? null);
      if (acknowledged === null || mayMoveHeld(purpose as Purpose, direction)) continue;
      for (const line of lines) {
        const holds = (await stocks.get(line.lot))?.holds ?? {};
        const said = await acknowledgedAt(db, acknowledged.incarnation, heldNow(holds, line));
        for (const hold of heldBefore(holds, line, acknowledged.place, said))
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
