import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import { inheritedHolds } from '@lotwarden/platform/gate';
import { contains, subtract } from '@lotwarden/platform/serial-range';
import type { Work } from '@lotwarden/platform/store';
import { openContainersOf } from '../container/open-containers.store.ts';
import { OPERATION_MOVES, type House, type OperationMoves } from '../house.ts';
import { scrappedSerials, serialMoves, type SerialMove } from './follow-operation.ts';
import { claimedBy } from './issued-serials.ts';

interface Flows {
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly scrap: readonly OperationOutput[];
}

/** Serials follow the material: what goes into another lot takes its serials and its holds along. */
export const operationsHeard = (house: House) => {
  const { serials, issued } = house;

  async function inherit(
    work: Work,
    inputs: readonly OperationInput[],
    outputs: readonly OperationOutput[],
  ): Promise<void> {
    const loaded = await work.load(
      serials,
      inputs.map(({ lot }) => lot),
    );
    for (const { lot } of inputs) await work.touch(serials, lot);
    for (const { lot, serials: ofOutput } of outputs) {
      const others = inputs.flatMap((input, index) =>
        input.lot === lot ? [] : [{ holds: loaded[index]?.holds ?? {}, serials: input.serials, edge: input.edge }],
      );
      await work.addHolds(serials, lot, inheritedHolds(others, ofOutput));
    }
  }

  async function move(work: Work, { from, to, ranges }: SerialMove, operation: string): Promise<void> {
    await openContainersOf(work, house, from, ranges, `units moved by ${operation}`);
    await work.append(serials, from, [{ type: 'SerialsMovedOut', lot: from, toLot: to, ranges, operation }]);
    await work.append(serials, to, [{ type: 'SerialsMovedIn', lot: to, fromLot: from, ranges, operation }]);
  }

  /** Serials that the operation names for an output but that neither it nor an input has: kept, as a finding. */
  async function conflicts(work: Work, { inputs, outputs }: Flows, operation: string): Promise<void> {
    for (const { lot, serials: named } of outputs) {
      const around = await work.load(serials, [lot, ...inputs.map((input) => input.lot)]);
      const available = around.flatMap(({ state }) => state.ranges);
      if (contains(available, named)) continue;
      const strange = subtract(named, available);
      const [gtin = ''] = strange.map((range) => range.gtin);
      const [claims] = await work.load(issued, [gtin]);
      const [otherLot = null] = claims ? claimedBy(claims.state, strange) : [];
      // Units that were never commissioned are no conflict: serials may be given after the operation.
      if (otherLot === null || otherLot === lot) continue;
      const violations = [{ code: 'serial-in-another-lot', lot, detail: `${operation}: ${otherLot}` }];
      await work.append(serials, lot, [{ type: 'SerialConflictFound', lot, ranges: strange, otherLot, violations }]);
    }
  }

  async function recorded(work: Work, operation: string, flows: Flows): Promise<void> {
    const before = (await work.read<OperationMoves>(OPERATION_MOVES, [operation])).get(operation);
    if (before) return;
    await inherit(work, flows.inputs, flows.outputs);
    await conflicts(work, flows, operation);
    const ids = [...new Set([...flows.inputs, ...flows.scrap].map(({ lot }) => lot))];
    const now = new Map((await work.load(serials, ids)).map(({ id, state }) => [id, state.ranges]));
    const of = (lot: string): readonly SerialRange[] => now.get(lot) ?? [];
    const moves = serialMoves(flows, of);
    for (const each of moves) await move(work, each, operation);
    const moved = (lot: string) => moves.filter(({ from }) => from === lot).flatMap(({ ranges }) => ranges);
    const scrapped = scrappedSerials(flows, (lot) => subtract(of(lot), moved(lot)));
    for (const { from, ranges } of scrapped) {
      await openContainersOf(work, house, from, ranges, `units scrapped by ${operation}`);
      await work.append(serials, from, [{ type: 'SerialsScrapped', lot: from, ranges, operation }]);
    }
    work.replace(OPERATION_MOVES, { _id: operation, moves, scrapped, voided: false });
  }

  async function undo(work: Work, operation: string): Promise<void> {
    const known = (await work.read<OperationMoves>(OPERATION_MOVES, [operation])).get(operation);
    if (!known || known.voided) return;
    for (const { from, to, ranges } of known.moves) await move(work, { from: to, to: from, ranges }, operation);
    for (const { from, ranges } of known.scrapped)
      await work.append(serials, from, [{ type: 'SerialsMovedIn', lot: from, fromLot: from, ranges, operation }]);
    work.replace(OPERATION_MOVES, { ...known, voided: true });
  }

  return consumer({
    topic: 'mes-bridge.operation.v1',
    group: 'serialization.operation',
    on: {
      OperationRecorded: ({ event: { operation, inputs, outputs, scrap } }, work) =>
        recorded(work, operation, { inputs, outputs, scrap }),
      OperationInputAdded: ({ event: { input, outputs } }, work) => inherit(work, [input], outputs),
      OperationVoided: ({ event: { operation } }, work) => undo(work, operation),
    },
  });
};
