import { parentPort } from 'node:worker_threads';
import { createCodec } from '@lotwarden/contracts/codec';
import type { SourceOffset } from '@lotwarden/contracts/events';
import { createGenealogy } from '../genealogy/genealogy.ts';
import { fold } from '../genealogy/fold.ts';
import type { FromGraph, StreamMessage, ToGraph } from './protocol.ts';
import { answerers, type Knowledge } from './questions.ts';
import { isFactTopic, readFact } from './read-fact.mapper.ts';
import { advance, lacking, nextOf, vectorOf, type Watermarks } from './watermarks.ts';

/**
 * The graph in a thread of its own, so that its work starves nobody's heartbeat (correctness rule 10). It is fed
 * messages in the order of their partitions and answers questions, at once or as soon as it has seen what they ask for.
 */
function serve(port: NonNullable<typeof parentPort>): void {
  const marks: Watermarks = new Map();
  const known: Knowledge = { graph: createGenealogy(), marks, expected: { targets: [], missing: [] }, unreadable: [] };
  const codec = createCodec();
  const waiting = new Map<number, { ask: Ask; timer: NodeJS.Timeout }>();
  const say = (message: FromGraph): void => port.postMessage(message);

  const missing = ({ minOffsets }: Ask): SourceOffset[] => lacking(marks, minOffsets, isFactTopic);

  const answer = ({ id, question }: Ask): void => {
    try {
      // Each question goes to the answerer of its own name; TypeScript cannot follow the pair through the union.
      const answerer = answerers[question.name] as (knowledge: Knowledge, ask: unknown) => unknown;
      say({ kind: 'answer', id, answer: answerer(known, question.ask) });
    } catch (error) {
      say({ kind: 'failed', id, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };

  const wait = (ask: Ask): void => {
    const giveUp = (): void => {
      waiting.delete(ask.id);
      say({ kind: 'behind', id: ask.id, lacking: missing(ask), at: vectorOf(marks) });
    };
    waiting.set(ask.id, { ask, timer: setTimeout(giveUp, ask.patience) });
  };

  const feed = (messages: readonly StreamMessage[]): void => {
    let changed = 0;
    let trace: string | undefined;
    const unreadable: string[] = [];
    for (const message of messages) {
      const expected = nextOf(marks, message.topic, message.partition);
      // Nothing is compacted or deleted on these topics: what was jumped over is lost to this replica (rule 8).
      if (message.offset > expected)
        unreadable.push(`skipped ${message.topic}/${message.partition} from ${expected} to ${message.offset}`);
      const read = readFact(codec, message);
      if ('fact' in read) {
        const applied = fold(known.graph, read.fact);
        changed += applied;
        if (applied > 0) trace = message.headers['traceparent'] ?? trace;
      } else if (!known.unreadable.includes(read.unreadable)) unreadable.push(read.unreadable);
      advance(marks, message.topic, message.partition, message.offset + 1);
    }
    known.unreadable.push(...unreadable);
    say({ kind: 'fed', changed, trace, unreadable });
    for (const { ask, timer } of waiting.values()) {
      if (missing(ask).length > 0) continue;
      clearTimeout(timer);
      waiting.delete(ask.id);
      answer(ask);
    }
  };

  port.on('message', (message: ToGraph) => {
    if (message.kind === 'expect') known.expected = message;
    else if (message.kind === 'feed') feed(message.messages);
    else if (missing(message).length === 0) answer(message);
    else wait(message);
  });
}

type Ask = Extract<ToGraph, { kind: 'ask' }>;

if (parentPort) serve(parentPort);
