import { job, queue } from '@lotwarden/platform/jobs';
import type { Deps } from '@lotwarden/platform/service';
import { captureRoutes } from './capture.routes.ts';
import { capturer, openCaptures, QUEUE } from './capture.store.ts';
import { eventSource } from './event-source.store.ts';
import { FACTS, openFacts } from './facts.projection.ts';
import { namedQueryRoutes, openNamedQueries } from './named-query.routes.ts';
import { answering, queryRoutes } from './query.routes.ts';
import { openSchema } from './schema.mapper.ts';

/** EPCIS 2.0 as the way in and out for partners: its routes, and the work behind them. */
export function buildEpcis(deps: Deps, companyPrefixes: readonly string[]) {
  const house = openCaptures(deps);
  openFacts(deps);
  const schema = openSchema();
  const capturing = capturer({ deps, house, schema });
  const { captures } = house;
  /** What is written of a capture that stands or falls as a whole is seen when all of it is there. */
  const hidden = async () => {
    const open = await captures.find({ running: true, behaviour: 'rollback' }, { projection: { _id: 1 } }).toArray();
    return open.map(({ _id }) => _id);
  };
  const captured = { source: eventSource(deps, 'epcis_events', hidden), clock: deps.clock, companyPrefixes };
  const facts = { source: eventSource(deps, FACTS), clock: deps.clock, companyPrefixes };
  const events = answering(captured);
  return {
    http: [
      captureRoutes({ deps, house, capturing, schema }),
      queryRoutes(events, captured, facts),
      namedQueryRoutes({ deps, events, queries: openNamedQueries(deps) }),
    ],
    queues: [queue({ name: QUEUE, concurrency: 2, handle: capturing.run })],
    jobs: [job({ name: 'epcis-captures-due', every: 2_000, handle: capturing.runDue })],
  };
}
