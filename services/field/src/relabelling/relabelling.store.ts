import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import type { LotDirectory } from '@lotwarden/platform/lot-directory';
import { count } from '@lotwarden/platform/serial-range';
import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Work } from '@lotwarden/platform/store';
import type { Custodies } from '../custody/custody.store.ts';
import { custodyId, gainCustody, reduceCustody } from '../custody/custody.ts';
import {
  evolveRelabelling,
  evolveRenamedLot,
  NOTHING_RENAMED,
  NOT_RELABELLED,
  renamedAmong,
  renamedBy,
  takenBack,
  type Relabelling,
  type RelabellingEvent,
  type Renamed,
  type RenamedLot,
  type RenamedLotEvent,
} from './renamed-units.ts';

interface Needs {
  readonly custodies: Custodies;
  readonly directory: LotDirectory;
}

export interface Relabellings {
  /** Units have other names from now on, wherever they are. */
  relabel(work: Work, operation: string, inputs: readonly OperationInput[], outputs: readonly OperationOutput[]): Promise<void>; // prettier-ignore
  takeBack(work: Work, operation: string): Promise<void>;
  /** A custodian got these units, under the names that they had when they were sent. */
  arrived(work: Work, custodian: string, lot: string, serials: readonly SerialRange[]): Promise<void>;
}

/** Goods keep their custodian whatever they are called; shipment and relabelling are heard of in any order. */
export function openRelabellings(
  { aggregate }: Pick<Deps, 'aggregate'>,
  { custodies, directory }: Needs,
): Relabellings {
  const operations: Aggregate<Relabelling, RelabellingEvent> = aggregate({
    collection: 'relabellings',
    initial: NOT_RELABELLED,
    evolve: evolveRelabelling,
  });
  const lots: Aggregate<RenamedLot, RenamedLotEvent> = aggregate({
    collection: 'renamed_lots',
    initial: NOTHING_RENAMED,
    evolve: evolveRenamedLot,
  });

  const relabel: Relabellings['relabel'] = async (work, operation, inputs, outputs) => {
    const [known] = await work.load(operations, [operation]);
    const renamed = renamedBy(await named(work, inputs), await named(work, outputs));
    if (known?.state.voided === true || renamed.length === 0) return;
    await work.append(operations, operation, [{ type: 'UnitsRenamed', renamed }]);
    for (const [lot, own] of Map.groupBy(renamed, (one) => one.lot)) {
      await work.append(lots, lot, [{ type: 'UnitsRenamed', operation, renamed: own }]);
      for (const { custodian, serials } of await holders(lot)) await rename(work, operation, custodian, own, serials);
    }
  };

  const takeBack: Relabellings['takeBack'] = async (work, operation) => {
    const [known] = await work.load(operations, [operation]);
    if (!known || known.state.renamed.length === 0) return;
    await work.append(operations, operation, [{ type: 'RelabellingVoided' }]);
    const back = known.state.renamed.map(takenBack);
    for (const lot of new Set(back.map(({ toLot }) => toLot)))
      await work.append(lots, lot, [{ type: 'RelabellingVoided', operation }]);
    for (const [lot, own] of Map.groupBy(back, (one) => one.lot))
      for (const { custodian, serials } of await holders(lot)) await rename(work, operation, custodian, own, serials);
  };

  const arrived: Relabellings['arrived'] = async (work, custodian, lot, serials) => {
    if (serials.length === 0) return;
    const [known] = await work.load(lots, [lot]);
    // One of the two is decided first, and the other sees it.
    await work.touch(lots, lot);
    for (const [operation, own] of Map.groupBy(known?.state.renamed ?? [], (one) => one.operation))
      await rename(work, operation, custodian, own, serials);
  };

  async function rename(
    work: Work,
    operation: string,
    custodian: string,
    renamed: readonly Renamed[],
    held: readonly SerialRange[],
  ): Promise<void> {
    const cause = { kind: 'relabel', id: operation };
    for (const { lot, from, toLot, to } of renamedAmong(renamed, held)) {
      const quantity = { value: String(count([from])), unit: 'EA' };
      const line = { lot, quantity, serials: [from], containers: [] };
      await work.change(custodies, custodyId(custodian, lot), (known) =>
        reduceCustody(known, { custodian, line, cause }),
      );
      const renewed = { ...line, lot: toLot, serials: [to] };
      await work.append(custodies, custodyId(custodian, toLot), gainCustody({ custodian, line: renewed, cause }));
    }
  }

  async function holders(lot: string) {
    const found: { custodian: string; serials: readonly SerialRange[] }[] = [];
    for (let after: string | undefined; ;) {
      const { items, next } = await custodies.find({ 'state.lot': lot }, { limit: 500, after });
      found.push(...items.map(({ state }) => state).filter(({ serials }) => serials.length > 0));
      if (next === undefined) return found;
      after = next;
    }
  }

  async function named<Flow extends OperationOutput>(work: Work, flows: readonly Flow[]): Promise<Flow[]> {
    const current = await directory.current(
      flows.map(({ lot }) => lot),
      work,
    );
    return flows.map((flow) => ({ ...flow, lot: current(flow.lot) }));
  }

  return { relabel, takeBack, arrived };
}
