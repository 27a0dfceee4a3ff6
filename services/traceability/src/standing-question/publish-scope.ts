import type { ScopeCustodian } from '@lotwarden/contracts/events';
import type { ScopeAnswer } from '../graph/questions.ts';
import { nameOfGap } from '../owners/owners.ts';
import { custodianDigest, lotDigest } from './digest.ts';
import type { ScopeEvent, StandingQuestion } from './standing-question.ts';

/** Lots and custodians' lines per event: well below what one message may weigh, and below 500 for those who hold them. */
const CHUNK = 400;

/** Events that are said in one transaction: some 5 MB. */
export const AT_ONCE = 25;

/** What an answer that takes several transactions lacks until its last event. */
export const IN_PART = 'said-in-part';

/** So many ways into a lot weigh as much as the rest of it. */
const WAYS_OF_ONE = 10;

/**
 * What is new against everything said before: lots and custodians that came or changed. Nothing new says nothing, so a
 * second replica, or a second evaluation, publishes nothing twice. Lots that left the scope stay said: readers add by
 * union, and only people narrow. A custodian that has nothing left is said with no lines. What takes more than one
 * transaction is complete with its last event only: whoever says it may be killed in between.
 *
 * @param said what was said of each lot, by its digest
 * @param also whether it is news by itself that something is missing, or is not missing any more
 */
export function publishScope(
  known: StandingQuestion,
  said: ReadonlyMap<string, string>,
  answer: ScopeAnswer,
  also: { readonly gaps: boolean } = { gaps: false },
): ScopeEvent[] {
  if (known.status !== 'open') return [];
  const lots = answer.lots.filter((line) => said.get(line.lot) !== lotDigest(line));
  const custodians = changedCustodians(known, answer.custodians);
  const lotChunks = chunks(lots, ({ ways }) => Math.max(1, Math.ceil(ways.length / WAYS_OF_ONE)));
  const custodianChunks = chunks(custodians, ({ lines }) => Math.max(1, lines.length));
  // That nothing was found, and what may hide it, is an answer too: the first one is always said.
  const unfinished = known.gaps.includes(IN_PART);
  const news = known.sequence === 0 || unfinished || (also.gaps && !sameGaps(known.gaps, answer.gaps)) ? 1 : 0;
  const count = Math.max(lotChunks.length, custodianChunks.length, news);
  const partly = { complete: false, gaps: [...answer.gaps, IN_PART] };
  return Array.from({ length: count }, (_, index) => ({
    type: 'ScopeChanged',
    question: known.question,
    sequence: known.sequence + index + 1,
    lots: lotChunks[index] ?? [],
    custodians: custodianChunks[index] ?? [],
    totalLots: answer.lots.length,
    offsets: answer.offsets,
    ...(count > AT_ONCE && index < count - 1 ? partly : { complete: answer.complete, gaps: answer.gaps }),
  }));
}

const sameGaps = (a: readonly string[], b: readonly string[]): boolean =>
  a.map(nameOfGap).join('|') === b.map(nameOfGap).join('|');

function changedCustodians(known: StandingQuestion, custodians: readonly ScopeCustodian[]): ScopeCustodian[] {
  const said = new Map(known.custodians);
  const now = new Set(custodians.map(({ custodian }) => custodian));
  const gone = known.custodians
    .filter(([custodian]) => !now.has(custodian))
    .map(([custodian]) => ({ custodian, lines: [] }));
  return [...custodians, ...gone].filter((one) => said.get(one.custodian) !== custodianDigest(one));
}

function chunks<T>(items: readonly T[], weigh: (item: T) => number): T[][] {
  const result: T[][] = [];
  let room = 0;
  for (const item of items) {
    const weight = weigh(item);
    const last = result.at(-1);
    if (last && weight <= room) last.push(item);
    else {
      result.push([item]);
      room = CHUNK;
    }
    room -= weight;
  }
  return result;
}
