import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import { digestsIn, type Said, type ScopeEvent, type StandingQuestion } from './standing-question.ts';

/** What was said in one unit of work, by the number of its last event. Written once, in the transaction that says it. */
export interface SaidPiece {
  readonly _id: string;
  readonly question: string;
  readonly sequence: number;
  readonly lots: Said;
}

const COLLECTION = 'standing_question_said';
/** Lots per piece of a question that kept them in its own document: some 3 MB. */
const MOVED = 50_000;

/**
 * What a standing question said of each lot, in pieces: a document of MongoDB holds 16 MB, which are some 250,000 lots.
 * Of a lot that is in several pieces the latest counts. Custodians stay with the question: one that has nothing left is
 * said so, which must not be forgotten by a restore.
 */
export function saidSoFar({ collection }: Pick<Deps, 'collection'>) {
  const pieces = collection<SaidPiece>(COLLECTION, [{ key: { question: 1, sequence: 1 } }]);

  /** Digests by lot, up to what the question counts; with `only` those lots. A question that has not said anything since keeps its lots itself. */
  async function read(question: string, { lots, sequence }: StandingQuestion, only?: ReadonlySet<string>) {
    const said = new Map<string, string>();
    const add = (some: Said): void => {
      for (const [lot, digest] of some) if (!only || only.has(lot)) said.set(lot, digest);
    };
    add(lots);
    for await (const piece of pieces.find({ question, sequence: { $lte: sequence } }).sort({ sequence: 1 }))
      add(piece.lots);
    return said;
  }

  /** Keeps what `events` say beside what `before` had kept itself. */
  function keep(unit: Work, { question, lots }: StandingQuestion, events: readonly ScopeEvent[]): void {
    for (let from = 0; from < lots.length; from += MOVED) {
      const some = lots.slice(from, from + MOVED);
      unit.reference(COLLECTION, { _id: `${question}|0|${String(from)}`, question, sequence: 0, lots: some });
    }
    const sequence = Math.max(...events.map((event) => (event.type === 'ScopeChanged' ? event.sequence : 0)));
    const news = events.flatMap(digestsIn);
    if (news.length > 0)
      unit.insert(COLLECTION, { _id: `${question}|${String(sequence)}`, question, sequence, lots: news });
  }

  return { read, keep };
}

export type SaidSoFar = ReturnType<typeof saidSoFar>;
