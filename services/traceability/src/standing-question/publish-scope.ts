import type { ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';
import type { ScopeAnswer } from '../graph/questions.ts';
import { nameOfGap } from '../owners/owners.ts';
import { custodianDigest, lotDigest } from './digest.ts';
import type { ScopeEvent, StandingQuestion } from './standing-question.ts';

/** Lots and custodians' lines per event: well below what one message may weigh, and below 500 for those who hold them. */
const CHUNK = 400;

/** So many ways into a lot weigh as much as the rest of it. */
const WAYS_OF_ONE = 10;

/**
 * What is new against everything said before: lots and custodians that came or changed. Nothing new says nothing, so a
 * second replica, or a second evaluation, publishes nothing twice. Lots that left the scope stay said: readers add by
 * union, and only people narrow. A custodian that has nothing left is said with no lines.
 *
 * @param also whether it is news by itself that something is missing, or is not missing any more
 */
export function publishScope(
  known: StandingQuestion,
  answer: ScopeAnswer,
  also: { readonly gaps: boolean } = { gaps: false },
): ScopeEvent[] {
  if (known.status !== 'open') return [];
  const lots = changedLots(known, answer.lots);
  const custodians = changedCustodians(known, answer.custodians);
  const lotChunks = chunks(lots, ({ ways }) => Math.max(1, Math.ceil(ways.length / WAYS_OF_ONE)));
  const custodianChunks = chunks(custodians, ({ lines }) => Math.max(1, lines.length));
  // That nothing was found, and what may hide it, is an answer too: the first one is always said.
  const news = known.sequence === 0 || (also.gaps && !sameGaps(known.gaps, answer.gaps)) ? 1 : 0;
  const count = Math.max(lotChunks.length, custodianChunks.length, news);
  return Array.from({ length: count }, (_, index) => ({
    type: 'ScopeChanged',
    question: known.question,
    sequence: known.sequence + index + 1,
    lots: lotChunks[index] ?? [],
    custodians: custodianChunks[index] ?? [],
    totalLots: answer.lots.length,
    offsets: answer.offsets,
    complete: answer.complete,
    gaps: answer.gaps,
  }));
}

const sameGaps = (a: readonly string[], b: readonly string[]): boolean =>
  a.map(nameOfGap).join('|') === b.map(nameOfGap).join('|');

function changedLots(known: StandingQuestion, lots: readonly ScopeLot[]): ScopeLot[] {
  const said = new Map(known.lots);
  return lots.filter((line) => said.get(line.lot) !== lotDigest(line));
}

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
