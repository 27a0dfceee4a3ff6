import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { Cases } from '../case/case.store.ts';
import { record, type Doc } from '../documents.ts';
import type { HoldBook } from '../hold/hold.store.ts';
import {
  mergeCustodian,
  mergeHead,
  mergeLot,
  operationsOn,
  scopeId,
  type ScopeChanged,
  type ScopedCustodian,
  type ScopedLot,
  type ScopeHead,
} from './scope.ts';

const LOTS = 'scope_lots';
const CUSTODIANS = 'scope_custodians';
const HEADS = 'scope_heads';

/** What traceability answered so far, and that what it names is held. */
export function scopeStore(
  { collection }: Pick<Deps, 'collection'>,
  { cases, book }: { cases: Cases; book: HoldBook },
) {
  const lots = collection<Doc<ScopedLot>>(LOTS, [{ key: { case: 1, lot: 1 } }]);
  const custodians = collection<Doc<ScopedCustodian>>(CUSTODIANS, [{ key: { case: 1, due: 1 } }]);
  const heads = collection<Doc<ScopeHead>>(HEADS);

  /** Adds an answer to its case by set union; a question of nobody's case is somebody else's. */
  async function add(work: Work, event: ScopeChanged): Promise<void> {
    const { question: recall, sequence } = event;
    const [known] = await work.load(cases, [recall]);
    if (!known || known.state.status === 'unknown') return;
    const { hold } = known.state;
    const reached = event.lots.map(({ lot, serials, path }) => ({ lot, serials, operations: operationsOn(path) }));
    await book.reach(work, hold, reached);

    const lotIds = event.lots.map(({ lot }) => scopeId(recall, lot));
    const before = await work.read<Doc<ScopedLot>>(LOTS, lotIds);
    for (const line of event.lots) {
      const _id = scopeId(recall, line.lot);
      work.replace(LOTS, { ...mergeLot(before.get(_id), recall, line, sequence), _id });
    }
    const custodianIds = event.custodians.map(({ custodian }) => scopeId(recall, custodian));
    const had = await work.read<Doc<ScopedCustodian>>(CUSTODIANS, custodianIds);
    for (const line of event.custodians) {
      const _id = scopeId(recall, line.custodian);
      const next = mergeCustodian(had.get(_id), recall, line, sequence);
      if (next) work.replace(CUSTODIANS, { ...next, _id });
    }
    const head = (await work.read<Doc<ScopeHead>>(HEADS, [recall])).get(recall);
    work.replace(HEADS, { ...mergeHead(head, event), _id: recall });
  }

  const processed = async (work: Work, recall: string): Promise<number> =>
    (await work.read<Doc<ScopeHead>>(HEADS, [recall])).get(recall)?.sequence ?? 0;

  const custodianOf = async (work: Work, _id: string): Promise<ScopedCustodian | undefined> =>
    (await work.read<Doc<ScopedCustodian>>(CUSTODIANS, [_id])).get(_id);

  /** A notice has looked at the lines of this answer; newer ones, come meanwhile, stay due. */
  const looked = (work: Work, _id: string, sequence: number): void => {
    work.put(CUSTODIANS, { _id }, [{ $set: { due: { $gt: ['$sequence', sequence] } } }]);
  };

  return {
    add,
    processed,
    custodianOf,
    looked,
    custodians,
    lots,
    of: async (recall: string) => ({
      head: await heads.findOne({ _id: recall }).then((found) => (found ? record(found) : undefined)),
      lots: (await lots.find({ case: recall }).sort({ lot: 1 }).toArray()).map(record),
      custodians: (await custodians.find({ case: recall }).sort({ custodian: 1 }).toArray()).map(record),
    }),
    counts: async (recall: string) => ({
      lots: await lots.countDocuments({ case: recall }),
      custodians: await custodians.countDocuments({ case: recall, 'lines.0': { $exists: true } }),
      head: await heads.findOne({ _id: recall }).then((found) => (found ? record(found) : undefined)),
    }),
    /** Custodians with goods that no notice has looked at yet, the first thousand. */
    untold: async (recall: string): Promise<string[]> => {
      const found = await custodians
        .find({ case: recall, due: true, 'lines.0': { $exists: true } })
        .sort({ _id: 1 })
        .limit(1_000)
        .toArray();
      return found.map(({ custodian }) => custodian);
    },
    /** Operations on the way to each of these lots. */
    operationsTo: async (recall: string, wanted: readonly string[]): Promise<(lot: string) => readonly string[]> => {
      const found = await lots.find({ case: recall, lot: { $in: [...wanted] } }).toArray();
      const byLot = new Map(found.map(({ lot, path }) => [lot, operationsOn(path)]));
      return (lot) => byLot.get(lot) ?? [];
    },
  };
}

export type Scopes = ReturnType<typeof scopeStore>;
