import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Context, Work } from '@lotwarden/platform/store';
import { inStoredTrace } from '@lotwarden/platform/telemetry/spans';
import { mayNotify } from '../case/case.ts';
import type { Cases } from '../case/case.store.ts';
import { record, type Doc } from '../documents.ts';
import type { Findings } from '../finding/finding.store.ts';
import type { QuestionStore } from '../scope/question.store.ts';
import { laterCause, scopeId } from '../scope/scope.ts';
import type { Scopes } from '../scope/scope.store.ts';
import { addGiven, givenId, type GivenSerials } from './given-serials.ts';
import { closeAnswered, closeEscalated, issueNotice, issued, type AnswerHours } from './issue-notice.ts';
import { judgeAnswer } from './judge-answer.ts';
import { evolve, NO_NOTICE, noticeId, type IssuedNotice, type Notice, type NoticeEvent } from './notice.ts';
import { advance, versionOf, type DeliveryEvent, type NoticeProgress } from './progress.ts';

const PROGRESS = 'notice_progress';
const GIVEN = 'given_serials';
const CONTEXT: Context = { actor: 'service:recall', reason: 'custody of affected goods' };
const ROUND = 200;

interface Needs {
  readonly cases: Cases;
  readonly scopes: Scopes;
  readonly questions: QuestionStore;
  readonly findings: Findings;
  readonly answerHours: AnswerHours;
}

/** Notices, and what came back about them. */
export function noticeStore(deps: Deps, { cases, scopes, questions, findings, answerHours }: Needs) {
  const { aggregate, collection, work, clock } = deps;
  const notices: Aggregate<Notice, NoticeEvent> = aggregate({
    collection: 'notices',
    topic: 'recall.notice.v1',
    initial: NO_NOTICE,
    evolve,
    indexes: [{ key: { 'state.case': 1, _id: 1 } }],
  });
  const progress = collection<Doc<NoticeProgress>>(PROGRESS, [{ key: { case: 1 } }]);
  collection<Doc<GivenSerials>>(GIVEN);

  /** Tells the custodians whose goods were not looked at yet; true if there were some. */
  async function issueDue(): Promise<boolean> {
    // From the custodians that wait, not from the cases: an installation has more cases in its life than one page.
    const waiting = await scopes.custodians.distinct('case', { due: true });
    const may = new Set<string>();
    for (const id of waiting) {
      const known = await cases.get(id);
      if (known && mayNotify(known.state)) may.add(id);
    }
    if (may.size === 0) return false;
    const due = await scopes.custodians
      .find({ case: { $in: [...may] }, due: true })
      .limit(ROUND)
      .toArray();
    for (const { case: recall, custodian, cause } of due) {
      const { trace } = laterCause(cause, await questions.launchOf(recall));
      await inStoredTrace('issue notice', trace, (now) => issue(recall, custodian, now));
    }
    return due.length > 0;
  }

  async function issue(recall: string, party: string, trace: string | undefined): Promise<void> {
    await work({ ...CONTEXT, trace }, async (unit) => {
      const [known] = await unit.load(cases, [recall]);
      const custodian = await scopes.custodianOf(unit, scopeId(recall, party));
      if (!known || !mayNotify(known.state) || !custodian) return;
      const { state } = known;
      const { lines, sequence } = custodian;
      const asked = { recall: state, party, lines, now: clock.instant(), answerHours };
      await unit.change(notices, noticeId(recall, party), (notice) => issueNotice(notice, asked));
      scopes.looked(unit, scopeId(recall, party), sequence);
    });
  }

  async function hear(unit: Work, event: DeliveryEvent): Promise<void> {
    const { notice: _id } = event;
    const before = (await unit.read<Doc<NoticeProgress>>(PROGRESS, [_id])).get(_id);
    unit.replace(PROGRESS, { ...advance(before, event), _id });
    if (event.type !== 'NoticeAnswered') return;
    const [known] = await unit.load(notices, [_id]);
    const lots = event.lines.map(({ lot }) => givenId(event.party, lot));
    const given = await unit.read<Doc<GivenSerials>>(GIVEN, lots);
    const everGiven = (lot: string) => given.get(givenId(event.party, lot))?.serials ?? [];
    await findings.raise(unit, event.case, judgeAnswer(known?.state ?? NO_NOTICE, event, everGiven));
    await unit.change(notices, _id, (notice) => closeAnswered(notice, event.version));
  }

  /** What custody gave a party, to know later what it cannot have. */
  async function given(unit: Work, gained: GivenSerials): Promise<void> {
    const _id = givenId(gained.custodian, gained.lot);
    const before = (await unit.read<Doc<GivenSerials>>(GIVEN, [_id])).get(_id);
    unit.replace(GIVEN, { ...addGiven(before, gained), _id });
  }

  const close = (id: string, reason: string, context: Context) =>
    work(context, async (unit) => {
      const way = (await unit.read<Doc<NoticeProgress>>(PROGRESS, [id])).get(id);
      return unit.change(notices, id, (notice) => {
        const { version } = issued(notice);
        return closeEscalated(notice, versionOf(way, version).escalated !== null, reason);
      });
    });

  async function of(recall: string): Promise<{ notices: IssuedNotice[]; progress: NoticeProgress[] }> {
    const all: IssuedNotice[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await notices.find({ 'state.case': recall }, { limit: 500, after });
      all.push(...items.map(({ state }) => issued(state)));
      after = next;
    } while (after !== undefined);
    return { notices: all, progress: (await progress.find({ case: recall }).toArray()).map(record) };
  }

  return { notices, progress, issueDue, hear, given, close, of };
}

export type Notices = ReturnType<typeof noticeStore>;
