import { service } from '@lotwarden/platform/service';
import { asOfRoutes } from './as-of/as-of.routes.ts';
import { createAsOf } from './as-of/as-of.store.ts';
import { factSource } from './as-of/fact-source.store.ts';
import { saidOf } from './as-of/said.store.ts';
import { aggregateRoutes } from './aggregate/aggregate.routes.ts';
import { balanceRoutes } from './balance/balance.routes.ts';
import { compareRoutes } from './compare/compare.routes.ts';
import { config } from './config.ts';
import { buildEpcis } from './epcis/build-epcis.store.ts';
import { written as writtenUntil } from './facts/caught-up.store.ts';
import { extentRoutes } from './trace/extent.routes.ts';
import { readFactLimits } from './facts/fact-limits.store.ts';
import { openFacts } from './facts/facts.store.ts';
import { createReplica } from './graph/replica.client.ts';
import { watermarkRoutes } from './graph/watermarks.routes.ts';
import { lotRoutes } from './lot/lot.routes.ts';
import { messages } from './messages.ts';
import { ownGaps } from './owners/own-gaps.store.ts';
import { OWNERS, unheard } from './owners/owners.ts';
import { watchOwners } from './owners/watch-owners.job.ts';
import { createFinder } from './search/find.store.ts';
import { indexLimits } from './search/index-limits.store.ts';
import { searchIndex } from './search/search.projection.ts';
import { searchRoutes } from './search/search.routes.ts';
import { shrinkRoutes } from './shrink/shrink.routes.ts';
import { createEvaluator } from './standing-question/evaluate.job.ts';
import { saidSoFar } from './standing-question/said-so-far.store.ts';
import { evolve, UNKNOWN_QUESTION } from './standing-question/standing-question.ts';
import { standingQuestionRoutes } from './standing-question/standing-question.routes.ts';
import { projections, TOLD } from './timeline/projections.consumer.ts';
import { timelineRoutes } from './timeline/timeline.routes.ts';
import { createTimelines } from './timeline/timeline.store.ts';
import { outsideCustodyRoutes } from './outside-custody/outside-custody.routes.ts';
import { traceRoutes } from './trace/trace.routes.ts';
import { evolve as evolveGap, UNKNOWN_GAP } from './worklist/gap.ts';
import { openSightings, worklistJob } from './worklist/worklist.job.ts';
import { worklistRoutes } from './worklist/worklist.routes.ts';

export default service('traceability', config, (deps) => {
  const { clock, codec, kafka, log, random, serviceClient, config: settings } = deps;
  const questions = deps.aggregate({
    collection: 'standing_questions',
    topic: 'traceability.scope.v1',
    initial: UNKNOWN_QUESTION,
    evolve,
    indexes: [{ key: { 'state.status': 1, _id: 1 } }],
  });
  const said = saidSoFar(deps);
  const facts = openFacts(deps);
  const written = writtenUntil(deps, TOLD);
  const timelines = createTimelines(facts, codec, {
    late: settings.lateAfter * 3_600_000,
    clock: settings.clockTolerance * 1_000,
  });
  const index = searchIndex(deps);
  const { snapshotFolder: folder, snapshotEvery, snapshotGrowth: growth } = settings;
  const snapshots = folder === '' ? undefined : { folder, every: 1_000 * snapshotEvery, growth };
  const replica = createReplica({ kafka, log, unique: random.uuid, missing: OWNERS.map(unheard), snapshots });
  const most = settings.pastFacts;
  const asOf = createAsOf(factSource(facts, codec), { most, candidates: (ask) => replica.ask('candidates', ask) });
  const factLimits = readFactLimits(deps, replica, written, TOLD);
  const evaluator = createEvaluator({ questions, said, work: deps.work, replica, log });
  replica.onChange(evaluator.touch);
  const epcis = buildEpcis(deps, settings);
  const works = deps.aggregate({
    collection: 'gaps',
    topic: 'traceability.gap.v1',
    initial: UNKNOWN_GAP,
    evolve: evolveGap,
    indexes: [{ key: { 'state.status': 1, 'state.dueAt': 1, _id: 1 } }],
  });
  const sightings = openSightings(deps);
  const { gapRules: rules, gapsEvery } = settings;
  const worklist = worklistJob({ works, sightings, replica, clock, log, rules, grace: settings.gapGrace * 1_000, every: gapsEvery }); // prettier-ignore

  return {
    messages,
    http: [
      lotRoutes({ replica, asOf, written, factLimits }),
      searchRoutes(createFinder(index), indexLimits(deps, { replica, written, topics: TOLD })),
      traceRoutes(replica),
      extentRoutes(replica),
      shrinkRoutes(replica),
      timelineRoutes({ replica, timelines, written, factLimits, asOf, serials: index.serials }),
      outsideCustodyRoutes({ replica, timelines, written, factLimits, asOf }),
      asOfRoutes({ replica, asOf, written, factLimits, facts, codec, clock, most }),
      balanceRoutes({ replica, asOf, written, factLimits }),
      aggregateRoutes(replica),
      compareRoutes(replica, deps.clock.now),
      standingQuestionRoutes({
        questions,
        evaluator,
        replica,
        said: (question) => saidOf(facts, codec, question),
        written,
      }),
      watermarkRoutes({ replica, facts, written, clock }),
      worklistRoutes({ works, sightings, questions, said, clock }),
      ...epcis.http,
    ],
    consumers: [...projections(codec), ...epcis.consumers],
    queues: epcis.queues,
    jobs: [evaluator.job, worklist, ...epcis.jobs],
    onStart: async () => {
      await epcis.start();
      await replica.start();
      const every = settings.ownersEvery;
      const unwatch = watchOwners({
        serviceClient,
        replica,
        own: ownGaps(deps),
        onChange: evaluator.review,
        log,
        every,
      });
      return async () => {
        await unwatch();
        await evaluator.stop();
        await replica.stop();
        await epcis.stop();
      };
    },
  };
});
