import type { OperationInput, OperationOutput, Violation } from '@lotwarden/contracts/events';
import { inheritedHolds } from '@lotwarden/platform/gate';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { FIELD_RELABEL, type StockEvent } from '../stock/stock.ts';
import { first, takeReported, usable, type Leaving } from '../stock/take-stock.ts';
import { consumes, isElsewhere, leavingSerials, scrappedFromShelf, type Effect, type Effects } from './effects.ts';

interface Whole {
  readonly operation: string;
  readonly site: string;
  readonly kind: string;
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly scrap: readonly OperationOutput[];
}

type Booking = Pick<Effects, 'site' | 'kind' | 'outputs'> & { readonly operation: string };
type StockTaken = Extract<StockEvent, { type: Leaving }>;

/** Stock follows what operations report: inputs leave, outputs are born with the holds of the inputs. */
export function operationBooks({ effects, stocks, places, mergedLots }: House) {
  async function record(work: Work, whole: Whole): Promise<void> {
    const { operation, scrap, ...heard } = whole;
    const { status } = await load(work, operation);
    if (status === 'voided' || status === 'booked') return;
    await work.append(effects, operation, [{ type: 'WholeHeard', ...heard }]);
    await inherit(work, heard.inputs, heard.outputs);
    if (isElsewhere(whole)) {
      for (const { lot, serials } of heard.outputs.filter((output) => output.serials.length > 0))
        await work.append(stocks, lot, [
          {
            type: 'StockSerialsChanged',
            lot,
            added: [],
            removed: serials,
            cause: { kind: FIELD_RELABEL, id: operation },
          },
        ]);
      return;
    }
    for (const input of heard.inputs) await issue(work, whole, input);
    for (const goods of scrappedFromShelf(heard.kind, heard.inputs, scrap))
      await take(work, whole, 'StockScrapped', goods);
    for (const output of heard.outputs) await receive(work, whole, output);
  }

  async function addInput(work: Work, operation: string, input: OperationInput, outputs: readonly OperationOutput[]) {
    await work.append(effects, operation, [{ type: 'PartHeard', input }]);
    const known = await load(work, operation);
    await inherit(work, [input], [...known.outputs, ...outputs]);
    if (known.status === 'booked' && !isElsewhere(known)) await issue(work, { operation, ...known }, input);
  }

  async function addOutput(work: Work, operation: string, output: OperationOutput) {
    await work.append(effects, operation, [{ type: 'PartHeard', output }]);
    const known = await load(work, operation);
    await inherit(work, known.inputs, [output]);
    if (known.status === 'booked' && !isElsewhere(known)) await receive(work, { operation, ...known }, output);
  }

  /** Takes back exactly what was booked for it. Holds that came by it stay: only a signed release ends a hold. */
  async function reverse(work: Work, operation: string): Promise<void> {
    const booked = await named(work, (await load(work, operation)).booked);
    await work.append(effects, operation, [{ type: 'Voided' }]);
    const cause = { kind: 'void', id: operation };
    for (const { direction, ...goods } of booked) {
      if (direction === 'out') continue;
      const { kind } = await places.of(work, goods.site);
      const order = first(goods.location, usable(kind));
      await work.change(stocks, goods.lot, (stock) =>
        takeReported(stock, 'StockIssued', { ...goods, cause, violations: [] }, order, goods.location),
      );
    }
    // Last, so that units which went in and came out again are here in the end.
    for (const { direction, lot, ...goods } of booked)
      if (direction === 'out')
        await work.append(stocks, lot, [{ type: 'StockReceived', lot, ...goods, cause, violations: [] }]);
  }

  async function load(work: Work, operation: string): Promise<Effects> {
    const [known] = await work.load(effects, [operation]);
    if (!known) throw new Error('a load answers for every id');
    return known.state;
  }

  /** Lots by the names they have now: a placeholder may have been merged since. */
  async function named<Flow extends { readonly lot: string }>(work: Work, flows: readonly Flow[]): Promise<Flow[]> {
    const actual = await mergedLots.actual(
      work,
      flows.map(({ lot }) => lot),
    );
    return flows.map((flow) => ({ ...flow, lot: actual(flow.lot) }));
  }

  /** In the operation's own transaction; an input that is held meanwhile makes it run again (correctness rule 18). */
  async function inherit(work: Work, used: readonly OperationInput[], made: readonly OperationOutput[]) {
    const [inputs, outputs] = [await named(work, used), await named(work, made)];
    const loaded = await work.load(
      stocks,
      inputs.map(({ lot }) => lot),
    );
    const held = inputs.map(({ serials, edge }, index) => ({ holds: loaded[index]?.holds ?? {}, serials, edge }));
    for (const { lot } of inputs) await work.touch(stocks, lot);
    for (const { lot, serials } of outputs) await work.addHolds(stocks, lot, inheritedHolds(held, serials));
  }

  async function issue(work: Work, booking: Booking, input: OperationInput): Promise<void> {
    if (!consumes(input)) return;
    const { lot, quantity } = input;
    const type = booking.kind === 'scrap' ? 'StockScrapped' : 'StockIssued';
    await take(work, booking, type, { lot, quantity, serials: leavingSerials(input, booking.outputs) });
  }

  async function take(work: Work, { operation, site }: Booking, type: Leaving, goods: OperationOutput): Promise<void> {
    const at = await places.of(work, site);
    const cause = { kind: 'operation', id: operation };
    const violations: readonly Violation[] = [];
    const taking = { ...goods, site, cause, violations, anySite: true };
    const { events } = await work.change(stocks, goods.lot, (stock) =>
      takeReported(stock, type, taking, usable(at.kind), at.first('line')),
    );
    await remember(work, operation, 'out', events as readonly StockTaken[]);
  }

  async function receive(work: Work, booking: Booking, { lot, quantity, serials }: OperationOutput): Promise<void> {
    const { operation, site } = booking;
    const location = await placeFor(work, booking, lot);
    const cause = { kind: 'operation', id: operation };
    const born = { type: 'StockReceived', lot, quantity, site, location, serials, cause, violations: [] } as const;
    await work.append(stocks, lot, [born]);
    await remember(work, operation, 'in', [born]);
  }

  /** What is left of a lot stays where it lay, in quarantine too; what is new lies finished, or at the line. */
  async function placeFor(work: Work, { operation, site }: Booking, lot: string): Promise<string> {
    const { booked } = await load(work, operation);
    const before = booked.find((effect) => effect.lot === lot && effect.direction === 'out' && effect.site === site);
    if (before) return before.location;
    const [stock] = await work.load(stocks, [lot]);
    return (await places.of(work, site)).first(stock?.state.kind === 'finished' ? 'finished' : 'line');
  }

  const remember = (
    work: Work,
    operation: string,
    direction: Effect['direction'],
    events: readonly Omit<Effect, 'direction'>[],
  ) => {
    const done = events.map(({ lot, quantity, site, location, serials }) => ({
      lot,
      direction,
      quantity,
      site,
      location,
      serials,
    }));
    return work.append(effects, operation, [{ type: 'Booked', effects: done }]);
  };

  return { record, addInput, addOutput, reverse, named };
}
