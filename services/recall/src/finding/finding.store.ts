import type { Finding } from '@lotwarden/contracts/events';
import { decodeCursor, encodeCursor } from '@lotwarden/platform/http';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { Cases } from '../case/case.store.ts';
import type { Doc } from '../documents.ts';
import { findingId, type CaseFinding } from './finding.ts';

const FINDINGS = 'findings';

/** Findings as documents, each said once in its case's stream. */
export function findingStore({ collection, clock }: Pick<Deps, 'collection' | 'clock'>, cases: Cases) {
  const findings = collection<Doc<CaseFinding>>(FINDINGS, [{ key: { case: 1, raisedAt: 1 } }]);

  /** Does nothing for a case nobody opened: there is nobody to tell. */
  async function raise(work: Work, recall: string, found: readonly Finding[]): Promise<void> {
    if (found.length === 0) return;
    const [known] = await work.load(cases, [recall]);
    if (!known || known.state.status === 'unknown') return;
    const byId = new Map(found.map((finding) => [findingId(recall, finding), finding]));
    const before = await work.read<Doc<CaseFinding>>(FINDINGS, [...byId.keys()]);
    for (const [_id, { code, subject, detail }] of byId) {
      if (before.has(_id)) continue;
      work.insert(FINDINGS, { _id, case: recall, code, subject, detail, raisedAt: clock.instant() });
      const finding = { code, subject, detail };
      await work.append(cases, recall, [{ type: 'RecallFindingRaised', case: recall, finding }]);
    }
  }

  /** In the order in which they were raised; findings of one moment by their id. */
  async function list(recall: string, limit: number, cursor: string | undefined) {
    const after = cursor === undefined ? undefined : decodeCursor(cursor).split(' ');
    const [raisedAt = '', _id = ''] = after ?? [];
    const later = { $or: [{ raisedAt: { $gt: raisedAt } }, { raisedAt, _id: { $gt: _id } }] };
    const found = await findings
      .find({ case: recall, ...(after && later) })
      .sort({ raisedAt: 1, _id: 1 })
      .limit(limit + 1)
      .toArray();
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    return {
      items: items.map(({ code, subject, detail, raisedAt: at }) => ({ code, subject, detail, raisedAt: at })),
      ...(last && { next: encodeCursor(`${last.raisedAt} ${last._id}`) }),
    };
  }

  return { raise, list, collection: findings };
}

export type Findings = ReturnType<typeof findingStore>;
