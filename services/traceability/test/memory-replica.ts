import { randomUUID } from 'node:crypto';
import type { Fact } from '../src/genealogy/facts.ts';
import { answerers, type Knowledge, type QuestionName, type Questions } from '../src/graph/questions.ts';
import type { Replica } from '../src/graph/replica.client.ts';
import { keptTraces } from '../src/trace/kept-traces.ts';
import { graphOf } from './history.ts';

/** Answers at once from what these facts say, without thread and streams. */
export function memoryReplica(facts: readonly Fact[]): Pick<Replica, 'ask'> & { readonly known: Knowledge } {
  const known: Knowledge = {
    graph: graphOf(facts),
    marks: new Map(),
    expected: { targets: [], missing: [] },
    unreadable: [],
    traces: keptTraces({ now: () => 0, unique: randomUUID }),
    rooms: [],
  };
  const answer = (name: QuestionName, ask: unknown): unknown => {
    const found = (answerers[name] as (known: Knowledge, ask: unknown) => unknown)(known, ask);
    if (!isWork(found)) return found;
    for (;;) {
      const step = found.next();
      if (step.done === true) return step.value;
    }
  };
  return {
    known,
    // What crosses the border of a thread is copied.
    ask: async <Name extends QuestionName>(name: Name, ask: Questions[Name]['ask']) =>
      structuredClone(answer(name, structuredClone(ask))) as Questions[Name]['answer'],
  };
}

const isWork = (found: unknown): found is Generator =>
  typeof found === 'object' && found !== null && Symbol.iterator in found && 'next' in found;
