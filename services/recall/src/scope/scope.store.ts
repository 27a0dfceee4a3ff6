import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { Cases } from '../case/case.store.ts';
import { record, type Doc } from '../documents.ts';
import type { HoldBook } from '../hold/hold.store.ts';
import {
  mergeCustodian,
  mergeHead,
  mergeLot,
  scopeId,
  type ScopeChanged,
  type ScopedCustodian,
  type ScopedLot,
  type ScopeHead,
} from './scope.ts';
import { behindNewWays, hasNewWay, operationsOnWaysTo, type Reachable } from './ways.ts';

const LOTS = 'scope_lots';
const CUSTODIANS = 'scope_custodians';
const HEADS = 'scope_heads';

/** What traceability answered so far, and that what it names is held. */
export function scopeStore(
  { collection, clock }: Pick<Deps, 'collection' | 'clock'>,
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
    await book.reach(
      work,
      hold,
      event.lots.map(({ lot, serials }) => ({ lot, serials })),
    );

    const lotIds = event.lots.map(({ lot }) => scopeId(recall, lot));
    const before = await work.read<Doc<ScopedLot>>(LOTS, lotIds);
    const now = event.lots.map((line) => mergeLot(before.get(scopeId(recall, line.lot)), recall, line, sequence));
    for (const line of now) work.replace(LOTS, { ...line, _id: scopeId(recall, line.lot) });
    const grown = now.filter(({ lot, ways }) => hasNewWay(before.get(scopeId(recall, lot))?.ways ?? [], ways));
    if (grown.length > 0) await holdAgain(work, recall, hold, grown);

    const cause = { trace: work.context.trace ?? null, at: clock.instant() };
    const custodianIds = event.custodians.map(({ custodian }) => scopeId(recall, custodian));
    const had = await work.read<Doc<ScopedCustodian>>(CUSTODIANS, custodianIds);
    for (const line of event.custodians) {
      const _id = scopeId(recall, line.custodian);
      const next = mergeCustodian(had.get(_id), recall, line, { sequence, cause });
      if (next) work.replace(CUSTODIANS, { ...next, _id });
    }
    // A closing that has not seen them cannot succeed any more.
    if (event.custodians.length > 0) await work.touch(book.holds, hold);
    const head = (await work.read<Doc<ScopeHead>>(HEADS, [recall])).get(recall);
    work.replace(HEADS, { ...mergeHead(head, event), _id: recall });
  }

  /**
   * Lots that were released are held again where a new path leads to them (correctness rule 21). The hold is touched
   * first, so that a release which did not see these ways cannot succeed any more.
   */
  async function holdAgain(work: Work, recall: string, hold: string, grown: readonly ScopedLot[]): Promise<void> {
    await work.touch(book.holds, hold);
    const released = await book.released(hold);
    if (released.length === 0) return;
    // What this unit has not stored yet was new itself when it was handled, and held again what lay behind it then.
    const behind = behindNewWays(await reachable(recall), grown);
    const again = released.filter(({ lot }) => behind.has(lot));
    await book.reach(
      work,
      hold,
      again.map(({ lot, serials }) => ({ lot, serials, unreviewed: true })),
    );
  }

  const reachable = (recall: string): Promise<Reachable[]> =>
    lots.find({ case: recall }).project<Reachable>({ lot: 1, ways: 1 }).toArray();

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
    /** Operations on any path to a lot. Call it after the hold was loaded: a step that comes later touches it. */
    operationsTo: async (recall: string): Promise<(lot: string) => readonly string[]> =>
      operationsOnWaysTo(await reachable(recall)),
  };
}

export type Scopes = ReturnType<typeof scopeStore>;
