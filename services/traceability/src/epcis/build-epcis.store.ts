import { job, queue } from '@lotwarden/platform/jobs';
import { outgoing } from '@lotwarden/platform/outgoing';
import { secretBox, type SecretBox } from '@lotwarden/platform/secret-box';
import type { Deps } from '@lotwarden/platform/service';
import { captureRoutes } from './capture.routes.ts';
import { capturer, openCaptures, QUEUE } from './capture.store.ts';
import { eventSource } from './event-source.store.ts';
import { FACTS, openFacts } from './facts.projection.ts';
import { namedQueryRoutes, openNamedQueries } from './named-query.routes.ts';
import { answering, queryRoutes } from './query.routes.ts';
import { openSchema } from './schema.mapper.ts';
import { openStaged } from './staged.store.ts';
import { subscriptionRoutes } from './subscription.routes.ts';
import { openSubscriptions, subscriber } from './subscription.store.ts';

/** Milliseconds that a subscriber may take to answer. */
const SEND_TIMEOUT = 10_000;

interface EpcisSettings {
  readonly companyPrefixes: readonly string[];
  readonly epcisKey: string;
  readonly allowLoopback: boolean;
}

/** EPCIS 2.0 as the way in and out for partners: its routes, and the work behind them. */
export function buildEpcis(deps: Deps, { companyPrefixes, epcisKey, allowLoopback }: EpcisSettings) {
  const house = openCaptures(deps);
  openFacts(deps);
  const schema = openSchema();
  const staged = openStaged({ deps, schema });
  const capturing = capturer({ deps, house, schema, staged });
  const { captures } = house;
  /** What is written of a capture that stands or falls as a whole is seen when all of it is there. */
  const hidden = async () => {
    const open = await captures.find({ running: true, behaviour: 'rollback' }, { projection: { _id: 1 } }).toArray();
    return open.map(({ _id }) => _id);
  };
  const captured = { source: eventSource(deps, 'epcis_events', hidden), clock: deps.clock, companyPrefixes };
  const facts = { source: eventSource(deps, FACTS), clock: deps.clock, companyPrefixes };
  const events = answering(captured);
  const queries = openNamedQueries(deps);
  const subscriptions = openSubscriptions(deps);
  const out = outgoing({ allowLoopback, timeout: SEND_TIMEOUT });
  const opened: { box?: SecretBox } = {};
  const box = () => {
    if (!opened.box) throw new Error('secrets are opened before anybody asks for them');
    return opened.box;
  };
  const { noted, tellDue } = subscriber({ deps, house: subscriptions, queries, captured: house, out, box });
  return {
    http: [
      captureRoutes({ deps, house, capturing, schema, staged }),
      queryRoutes(events, captured, facts),
      namedQueryRoutes({ deps, events, queries }),
      subscriptionRoutes({ deps, queries, house: subscriptions, box, allowLoopback }),
    ],
    queues: [queue({ name: QUEUE, concurrency: 2, handle: capturing.run })],
    consumers: [noted],
    jobs: [
      job({ name: 'epcis-captures-due', every: 2_000, handle: capturing.runDue }),
      job({
        name: 'epcis-staged-forgotten',
        every: 10 * 60_000,
        handle: () =>
          staged.tidy(async (capture) => (await captures.findOne({ _id: capture, running: true })) !== null),
      }),
      job({ name: 'epcis-subscriptions-due', every: 1_000, handle: tellDue }),
    ],
    start: async () => {
      opened.box = await secretBox(epcisKey, 'traceability.epcis-subscription');
    },
    stop: () => out.close(),
  };
}
