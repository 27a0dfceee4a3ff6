import { expect, test } from '@jest/globals';
import { at, createHistory, graphOf } from '../../test/history.ts';
import { fold } from '../genealogy/fold.ts';
import { tracing } from './trace.ts';

/** So many that a walk over them pauses more than once. */
const MANY = 2_500;

/** S is divided into many lots, the first and the last of them are reels; one of them was mounted when PCBA was made. */
function factory() {
  const { facts, tell } = createHistory();
  tell.received('S', MANY);
  const lots = Array.from({ length: MANY }, (_, n) => `LOT-${n}`);
  tell.operation('divide', { in: [['S', MANY]], out: lots.map((lot) => [lot, 1]) });
  return { facts, tell, first: 'LOT-0', last: `LOT-${MANY - 1}` };
}

/** What a trace of S finds when the corrections come after so many pauses; null: it was told to begin anew. */
function foundWhen(pauses: number, mountedFirst: 'first' | 'last'): readonly string[] | null | undefined {
  const { facts, tell, ...reels } = factory();
  const [wrong, right] = mountedFirst === 'last' ? [reels.last, reels.first] : [reels.first, reels.last];
  tell.mounted('M-1', wrong, '08:00', { equipment: 'SMT-2' });
  tell.operation('placed', { in: [], out: [['PCBA', 1]], more: { startedAt: at('09:00'), endedAt: at('09:10') } });
  const graph = graphOf(facts);
  const walk = tracing(graph, [{ lot: graph.lotIds.find('S') ?? 0, units: 'all' }], { direction: 'forward' });
  for (let pause = 0; pause < pauses; pause++) if (walk.next().done === true) return undefined;
  const { rewrites } = graph.edges;
  const before = facts.length;
  tell.mountVoided('M-1');
  tell.mounted('M-2', right, '08:00', { equipment: 'SMT-2' });
  for (const fact of facts.slice(before)) fold(graph, fact);
  if (graph.edges.rewrites > rewrites) return null;
  for (;;) {
    const { done, value } = walk.next();
    if (done) return Array.from(value.reached.places.keys.subarray(0, value.reached.places.size), (lot) => graph.lotIds.text(lot)); // prettier-ignore
  }
}

test('a mount that is corrected while a trace walks past it hides nothing that was affected before and after', () => {
  for (const mountedFirst of ['first', 'last'] as const)
    for (let pauses = 1; ; pauses++) {
      const found = foundWhen(pauses, mountedFirst);
      if (found === undefined) break;
      expect(found === null || found.includes('PCBA')).toBe(true);
    }
});
