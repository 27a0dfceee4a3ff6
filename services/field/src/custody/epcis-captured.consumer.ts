import type { EventOf, LotLine } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import { Rejected } from '@lotwarden/platform/errors';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import { contains } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { Custodies } from './custody.store.ts';
import { custodyId, gainCustody, reduceCustody } from './custody.ts';
import { lineOf, lotIn, readHandover, unitIn, type Handover } from './epcis-handover.ts';

type Captured = EventOf<'traceability.epcis.v1'>;

interface Needs {
  readonly deps: Pick<Deps, 'collection' | 'log'>;
  readonly custodies: Custodies;
  readonly directory: LotDirectory;
  readonly ownParties: readonly string[];
}

/** What one event did to custody, so that its error declaration can take back exactly that. */
interface Applied {
  readonly _id: string;
  readonly declaredWrong: boolean;
  readonly moves: readonly { readonly from: string | null; readonly to: string | null; readonly line: LotLine }[];
}

const APPLIED = 'epcis_applied';

/** Custody beyond our dock as partners tell it in EPCIS: a custodian nobody shipped to becomes known, and is notified. */
export function epcisCaptured({ deps, custodies, directory, ownParties }: Needs) {
  deps.collection<Applied>(APPLIED);
  const { log } = deps;

  async function apply(event: Captured, work: Work): Promise<void> {
    const { eventId } = event;
    const known = (await work.read<Applied>(APPLIED, [eventId])).get(eventId);
    if (event.declaredWrong) {
      if (known?.declaredWrong === true) return;
      const moves = known?.moves ?? [];
      const current = await directory.current(
        moves.map(({ line }) => line.lot),
        work,
      );
      for (const { from, to, line } of moves)
        await move(work, { from: to, to: from, line: { ...line, lot: current(line.lot) } }, eventId);
      work.replace(APPLIED, { _id: eventId, declaredWrong: true, moves });
      return;
    }
    // Declared wrong before it came: it never counts.
    if (known) return;
    const reading = readHandover(event, ownParties);
    if ('ignored' in reading) {
      if (reading.ignored === 'not-his-to-tell')
        log.warn(
          { eventId, party: event.party, capturer: event.capturer },
          'an EPCIS event of goods of others was not booked',
        );
      return;
    }
    const moves = await movesOf(reading.handover, event, work);
    for (const each of moves) await move(work, each, eventId);
    work.replace(APPLIED, { _id: eventId, declaredWrong: false, moves });
  }

  async function movesOf({ from, to, goods }: Handover, event: Captured, work: Work): Promise<Applied['moves']> {
    const moves: Applied['moves'][number][] = [];
    for (const one of goods) {
      const unit = unitIn(one);
      if (unit) {
        const lot = await lotOf(unit, event.eventId);
        if (lot === undefined) continue;
        const [held] = to === null ? [] : await work.load(custodies, [custodyId(to, lot)]);
        if (held && contains(held.state.serials, [unit])) continue;
        moves.push({ from, to, line: lineOf(lot, { value: '1', unit: 'EA' }, [unit]) });
        continue;
      }
      const named = lotIn(one);
      if (!named || one.quantity === null) continue;
      const [resolved] = await directory.resolve([named], work);
      if (resolved) moves.push({ from, to, line: lineOf(resolved.lot, one.quantity) });
    }
    return moves;
  }

  /** Units are found by who had them before; of a product of ours one that nobody had is waited for. */
  async function lotOf(unit: LotLine['serials'][number], eventId: string): Promise<string | undefined> {
    const { gtin, prefix, width, first } = unit;
    const family = { gtin, prefix, width };
    for (const part of ['serials', 'used']) {
      const held = { [`state.${part}`]: { $elemMatch: { ...family, first: { $lte: first }, last: { $gte: first } } } };
      const { items } = await custodies.find(held, { limit: 1 });
      const [found] = items;
      if (found) return found.state.lot;
    }
    const { items } = await custodies.find({ 'state.serials': { $elemMatch: { gtin } } }, { limit: 1 });
    if (items.length === 0) return undefined; // somebody else's product
    throw new Rejected('epcis-unit-unknown', { eventId, gtin, serial: `${prefix}${String(first)}` });
  }

  async function move(work: Work, { from, to, line }: Applied['moves'][number], id: string): Promise<void> {
    const cause = { kind: 'epcis', id };
    if (from !== null)
      await work.change(custodies, custodyId(from, line.lot), (known) =>
        reduceCustody(known, { custodian: from, line, cause }),
      );
    if (to !== null) await work.append(custodies, custodyId(to, line.lot), gainCustody({ custodian: to, line, cause }));
  }

  return consumer({
    topic: 'traceability.epcis.v1',
    group: 'field.custody',
    on: { EpcisEventCaptured: ({ event }, work) => apply(event, work) },
  });
}
