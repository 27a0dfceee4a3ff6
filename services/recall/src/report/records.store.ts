import { gunzipSync, gzipSync } from 'node:zlib';
import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import type { Context } from '@lotwarden/platform/store';
import type { ShowSignatures } from '@lotwarden/platform/show-signatures';
import type { Shown } from '@lotwarden/platform/shown-signature';
import type { SignOff } from '@lotwarden/platform/sign-off';
import { opened, type Closure, type OpenedCase } from '../case/case.ts';
import type { Cases } from '../case/case.store.ts';
import { closeCase, closeRecord, closingHindrance, type Findings as Closing } from '../case/close-case.ts';
import { releasedBy, signedBy } from '../case/signed-by.ts';
import { record, type Doc } from '../documents.ts';
import type { Findings } from '../finding/finding.store.ts';
import type { Freezes } from '../freeze/freeze.store.ts';
import type { HoldBook } from '../hold/hold.store.ts';
import type { Notices } from '../notice/notice.store.ts';
import type { Scopes } from '../scope/scope.store.ts';
import type { Traceability } from '../scope/standing-question.client.ts';
import { remainderOf, reportHash, reportOf, unanswered, type Report } from './report.ts';

const REPORTS = 'reports';

/** The report as it was signed, packed: one of ten thousand lots with their paths fits into a document this way. */
interface Kept {
  readonly case: string;
  readonly json: { readonly buffer: Uint8Array };
}

const pack = (report: Report): Buffer => gzipSync(JSON.stringify(report));
const unpack = ({ json }: Kept): Report => JSON.parse(gunzipSync(json.buffer).toString('utf8')) as Report;

interface Needs {
  readonly cases: Cases;
  readonly scopes: Scopes;
  readonly freezes: Freezes;
  readonly book: HoldBook;
  readonly notices: Notices;
  readonly findings: Findings;
  readonly traceability: Traceability;
  readonly signing: SignOff;
  readonly showing: ShowSignatures;
}

/** A report with everybody who signed what is in it. */
export interface Reported {
  readonly report: Report;
  readonly hash: string;
  readonly closure: Closure | null;
  readonly signatures: readonly Shown[];
}

/** Everything on record about a case, its balance, and the closing that signs both. */
export function caseRecords({ collection, work }: Pick<Deps, 'collection' | 'work'>, needs: Needs) {
  const { cases, scopes, freezes, book, notices, findings, traceability, signing, showing } = needs;
  const reports = collection<Doc<Kept>>(REPORTS);

  async function caseOf(recall: string): Promise<OpenedCase> {
    const known = await cases.get(recall);
    if (!known) throw new Rejected('recall-case-unknown', { case: recall });
    return opened(known.state, recall);
  }

  async function balance(recall: string) {
    await caseOf(recall);
    const { lots } = await scopes.of(recall);
    const { items, unknown } = await traceability.balances(lots.map(({ lot }) => lot));
    return { items, unknown, remainder: remainderOf(items) };
  }

  async function gather(recall: OpenedCase): Promise<{ report: Report; closing: Closing }> {
    const { case: id, hold } = recall;
    const [scope, said, balanced] = [await scopes.of(id), await notices.of(id), await balance(id)];
    const report = reportOf({
      recall,
      ...scope,
      ...said,
      epochs: (await freezes.epochs.find({ hold }).toArray()).map(record),
      words: (await freezes.spoken.find({ case: id }).toArray()).map(record),
      findings: (await findings.collection.find({ case: id }).toArray()).map(record),
      releases: (await book.releases.find({ hold }).toArray()).map(record),
      balances: balanced.items,
    });
    const closing = { report: reportHash(report), remainder: balanced.remainder, ...(await unsettled(recall)) };
    return { report, closing };
  }

  /** Custodians before notices: one that is told in between is unanswered then. */
  async function unsettled({
    case: id,
    hold,
  }: OpenedCase): Promise<Pick<Closing, 'untold' | 'unanswered' | 'pending'>> {
    const untold = await scopes.untold(id);
    const { notices: issued, progress } = await notices.of(id);
    return { untold, unanswered: unanswered(issued, progress), pending: (await book.isGrowing(hold)) ? 1 : 0 };
  }

  /** A closed case keeps the report that was signed; an open one is reported as it stands. */
  async function report(recall: string): Promise<Reported> {
    const known = await caseOf(recall);
    const kept = known.closure ? await reports.findOne({ _id: recall }) : null;
    const now = kept ? unpack(kept) : (await gather(known)).report;
    return { report: now, hash: reportHash(now), closure: known.closure, signatures: await signatures(known, now) };
  }

  async function signatures(known: OpenedCase, { releases }: Report): Promise<Shown[]> {
    const held = new Set((await book.held(known.hold)).map(({ lot }) => lot));
    const [launched, ...closed] = signedBy(known);
    const released = releases.flatMap((one) => releasedBy(one, (lot) => held.has(lot)));
    return showing([...(launched ? [launched] : []), ...released, ...closed]);
  }

  async function closingRecord(recall: string, explanation: string | null) {
    const known = await caseOf(recall);
    const { closing } = await gather(known);
    const hindrance = known.status === 'launched' ? closingHindrance(known, recall, closing, explanation) : undefined;
    return {
      record: closeRecord(recall, closing, explanation),
      remainder: closing.remainder,
      hindrance: known.status === 'launched' ? (hindrance?.code ?? null) : `recall-case-not-launched`,
    };
  }

  async function close(recall: string, jws: string, explanation: string | null, context: Context): Promise<void> {
    const known = await caseOf(recall);
    if (known.closure) throw new Rejected('recall-case-closed', { case: recall });
    const { report: now, closing } = await gather(known);
    const hindrance = known.status === 'launched' ? closingHindrance(known, recall, closing, explanation) : undefined;
    if (hindrance) throw hindrance;
    const record = closeRecord(recall, closing, explanation);
    const signature = await signing.own(context.actor, { jws, record, meaning: 'close' });
    await work(context, async (unit) => {
      // Whatever widens scope or custody touches the hold: none of it can happen between this look and the closing.
      await unit.load(book.holds, [known.hold]);
      await unit.touch(book.holds, known.hold);
      const asked = { ...closing, ...(await unsettled(known)) };
      await unit.change(cases, recall, (state) => closeCase(state, recall, asked, { signature, explanation }));
      unit.insert(REPORTS, { _id: recall, case: recall, json: pack(now) });
    });
  }

  return { caseOf, balance, report, closingRecord, close };
}

export type CaseRecordsStore = ReturnType<typeof caseRecords>;
