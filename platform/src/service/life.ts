import { setTimeout as pause } from 'node:timers/promises';
import type { Codec } from '@lotwarden/contracts/codec';
import type { TopicName } from '@lotwarden/contracts/topics';
import type { Clock, Random } from '../clock/clock.ts';
import type { BaseConfig } from '../config/config.ts';
import { runConsumers, type Consumption } from '../consumer/consumption.client.ts';
import { createInbox, declareInbox } from '../consumer/inbox.store.ts';
import { createRedrive } from '../consumer/redrive.store.ts';
import { acknowledgementsOn } from '../gate/acknowledgement.ts';
import { gateStreams } from '../gate/gate.ts';
import { createHeartbeats, look } from '../health/health.ts';
import { createHttpApp } from '../http/app.ts';
import { createIdempotencyStore } from '../http/idempotency.store.ts';
import { startJobs, type JobRunner } from '../jobs/runner.ts';
import { connectKafka } from '../kafka/kafka-kafkajs.client.ts';
import type { KafkaPort } from '../kafka/kafka.ts';
import type { Log } from '../log/log.ts';
import { everyServiceRoutes } from '../operations/every-service.routes.ts';
import { startRelay } from '../outbox/relay.client.ts';
import { watchDeadlines } from '../saga/saga.job.ts';
import { gatherRefusals } from '../security/refusals.ts';
import { keptByIdentity, tellRefusals } from '../security/tell-refusals.client.ts';
import { createServiceClients } from '../service-client.client.ts';
import type { AggregateDefinition, Aggregate, AnyEvent } from '../store/store.ts';
import { connectStore, type Store } from '../store/store.ts';
import { httpSpans } from '../telemetry/http-span.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { TokenSource } from '../token-source.client.ts';
import type { TokenVerifier } from '../token-verifier.client.ts';
import { checksOf } from './checks.ts';
import { measure } from './gauges.ts';
import { listen } from './http-server.ts';
import { recoverOwn, type OwnAggregate } from './recovery.ts';
import type { AnyService, Deps, Inventory } from './service.ts';
import type { Stage } from './stages.ts';
import { assertSourcesNamed, prepareTopics, topicsOf } from './topics.ts';

export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly codec: Codec;
  /** Tells this life of the service from every other one. */
  readonly instance: string;
  readonly locate: (service: string) => string | undefined;
  readonly verifier: TokenVerifier;
  readonly tokens: TokenSource;
  readonly topicsPrepared: Promise<readonly TopicName[]>;
  readonly checkReplies: boolean;
}

/** What one life of a service has when it has it: each stage adds its part, and its stop takes it away. */
interface Having {
  store?: Store;
  kafka?: KafkaPort;
  inventory?: Inventory;
  consumption?: Consumption;
  jobs?: JobRunner;
  address?: string;
}

/** Of what is refused between two tellings: callers, addresses and reasons; the rest is counted. */
const DIFFERENT_REFUSALS = 200;

/** The stages of a service in the order of their start. Whatever they share lives here, and nowhere in a module. */
export function createLife(definition: AnyService, config: BaseConfig, surroundings: Surroundings) {
  const { name } = definition;
  const { clock, random, log, codec, instance, locate, verifier, tokens, checkReplies, topicsPrepared } = surroundings;
  const metrics = createMetrics(name);
  const heartbeats = createHeartbeats(() => Date.now());
  const failure = Promise.withResolvers<Error>();
  const has: Having = {};
  const own: OwnAggregate[] = [];
  const refusals = gatherRefusals(name, DIFFERENT_REFUSALS);
  let open = false;

  const given = <Part extends keyof Having>(part: Part): NonNullable<Having[Part]> => {
    const value = has[part];
    if (value === undefined) throw new Error(`${name} has no ${part} yet`);
    return value;
  };
  const failOn = (part: { readonly failed: Promise<Error> }): void => {
    void part.failed.then(failure.resolve);
  };

  /** Whatever it publishes it may one day have to learn from its own topic again. */
  function publishes<S, E extends AnyEvent>({ definition: { topic, collection }, recover }: Aggregate<S, E>): void {
    if (topic !== undefined) own.push({ topic, collection, recover: recover as OwnAggregate['recover'] });
  }

  const clients = createServiceClients({ locate, tokens, random: random.fraction });

  const store: Stage = {
    name: 'store',
    start: async () => {
      const { mongoUrl, databasePrefix } = config;
      const opened = await connectStore({
        mongoUrl,
        database: `${databasePrefix}${name}`,
        service: name,
        clock: clock.now,
        codec,
        random: random.fraction,
      });
      has.store = opened;
      return async () => {
        delete has.store;
        await clients.close();
        await opened.close();
      };
    },
  };

  const inventory: Stage = {
    name: 'inventory',
    start: async () => {
      const opened = given('store');
      declareInbox(opened);
      const aggregate = <S, E extends AnyEvent>(described: AggregateDefinition<S, E>): Aggregate<S, E> => {
        const made = opened.aggregate(described);
        publishes(made);
        return made;
      };
      const deps: Deps = {
        service: name,
        config,
        clock,
        random,
        log,
        metrics,
        store: opened,
        kafka: given('kafka'),
        codec,
        db: opened.db,
        aggregate,
        collection: opened.collection,
        work: opened.work,
        serviceClient: (service) => clients.to(service),
        locate,
        wake: async (queue, id, options) => {
          // Before the queues run, and after: what is due is in MongoDB and is found there.
          await has.jobs?.wake(queue, id, options);
        },
      };
      has.inventory = await definition.build(deps as never);
      for (const gate of has.inventory.gates ?? [])
        publishes(opened.aggregate(acknowledgementsOn(`${gate.name}.gate.v1`)));
      await opened.ensureIndexes();
    },
  };

  const kafka: Stage = {
    name: 'kafka',
    start: async () => {
      const { kafkaBrokers: brokers, topicPrefix: prefix, kafkaSessionTimeout: sessionTimeout } = config;
      const connected = await connectKafka({ brokers, clientId: name, prefix, log, sessionTimeout });
      has.kafka = connected;
      return async () => {
        delete has.kafka;
        await connected.close();
      };
    },
  };

  const topics: Stage = {
    name: 'topics',
    start: async () => {
      const production = config.nodeEnv === 'production';
      const wanted = given('inventory');
      if (production) assertSourcesNamed(name, wanted, config.inboundSources);
      const prepared = new Set(await topicsPrepared);
      const left = topicsOf(name, wanted).filter((topic) => !prepared.has(topic));
      if (left.length > 0) await prepareTopics(given('kafka'), left, config.createTopics ?? !production);
    },
  };

  const recovery: Stage = {
    name: 'recovery',
    start: () => recoverOwn({ service: name, instance, store: given('store'), kafka: given('kafka'), codec, own, log }),
  };

  const messaging = () => {
    const opened = given('store');
    const { consumers = [] } = given('inventory');
    const parkedKeys = declareInbox(opened);
    const inbox = createInbox({
      store: opened,
      codec,
      log,
      service: name,
      allowedSources: config.inboundSources,
      parkedKeys,
    });
    return { consumers, parkedKeys, inbox, redrive: createRedrive({ store: opened, inbox, parkedKeys, consumers }) };
  };

  const http: Stage = {
    name: 'http',
    start: async () => {
      const opened = given('store');
      const {
        http: routes = [],
        mounts = [],
        messages = {},
        invariants = () => Promise.resolve([]),
      } = given('inventory');
      const { parkedKeys, redrive, consumers } = messaging();
      const app = createHttpApp({
        service: name,
        // First: a service with aggregates under /operations must not take these addresses for one of them.
        routes: [
          ...everyServiceRoutes({
            store: opened,
            consumers,
            parkedKeys,
            redrive,
            own: invariants,
            kafka: given('kafka'),
          }),
          ...routes,
        ],
        messages,
        mounts,
        verifier,
        log,
        now: clock.now,
        health: { live: heartbeats.report, ready: () => look(checks) },
        idempotency: await createIdempotencyStore({ db: opened.db, now: clock.now }),
        isOpen: () => open,
        checkReplies,
        origin: new URL(config.oidcIssuer).origin,
        deviceSites: config.deviceSites,
        refusals,
      });
      const spans = httpSpans(name, metrics);
      const { host, port, stopTimeout } = config;
      const listening = await listen(
        (request, response) => spans(request, response, () => void app(request, response)),
        { host, port, stopTimeout, onError: failure.resolve },
      );
      has.address = listening.address;
      return listening.stop;
    },
  };

  const refused: Stage = {
    name: 'refusals',
    start: () => {
      const { keepRefusals } = given('inventory');
      const keep = keepRefusals ?? keptByIdentity(clients.to('identity'));
      const isThere = (): boolean => keepRefusals !== undefined || locate('identity') !== undefined;
      const teller = tellRefusals({ refusals, keep, isThere, log, now: clock.now, uuid: random.uuid });
      return Promise.resolve(teller.start());
    },
  };

  const onStart: Stage = {
    name: 'own',
    start: async () => given('inventory').onStart?.(),
  };

  const gates: Stage = {
    name: 'gates',
    start: async () => {
      const streams = gateStreams(given('kafka'), { instance });
      const { gates: declared = [] } = given('inventory');
      const runtime = { store: given('store'), codec, streams, log };
      const running = await Promise.all(declared.map((gate) => gate.start(runtime)));
      running.forEach(failOn);
      return async () => {
        await Promise.all(running.map((one) => one.stop()));
      };
    },
  };

  const consumers: Stage = {
    name: 'consumers',
    start: async () => {
      const parts = { ...messaging(), service: name, kafka: given('kafka'), store: given('store'), log, metrics };
      const consumption = await runConsumers(parts);
      has.consumption = consumption;
      failOn(consumption);
      return consumption.stop;
    },
  };

  const relay: Stage = {
    name: 'relay',
    start: async () =>
      startRelay({ store: given('store'), kafka: given('kafka'), log, holder: instance, service: name, metrics }).stop,
  };

  const jobs: Stage = {
    name: 'jobs',
    start: async () => {
      const { jobs: declared = [], queues = [] } = given('inventory');
      const { redisUrl, topicPrefix: prefix } = config;
      const runner = await startJobs({ service: name, redisUrl, prefix, jobs: declared, queues, log });
      has.jobs = runner;
      return async () => {
        delete has.jobs;
        await runner.stop();
      };
    },
  };

  const sagas: Stage = {
    name: 'sagas',
    start: async () => {
      const { sagas: declared = [], gates: declaredGates = [] } = given('inventory');
      const measured = measure(metrics, { store: given('store'), gates: declaredGates, sagas: declared });
      const watching = watchDeadlines({ sagas: declared, log, beat: () => heartbeats.beat('sagas') });
      return async () => {
        await watching();
        heartbeats.forget('sagas');
        await measured();
      };
    },
  };

  const checks = checksOf(() => ({
    store: has.store,
    consumption: has.consumption,
    gates: has.inventory?.gates ?? [],
    jobs: has.jobs,
    open,
  }));

  return {
    stages: [store, kafka, inventory, topics, recovery, refused, http, onStart, gates, consumers, relay, jobs, sagas],
    /** What has to be there before the first life, and costs a new installation most of its start. */
    layOut: [store, kafka, inventory, topics],
    open: () => void (open = true),
    close: () => void (open = false),
    address: () => given('address'),
    failed: failure.promise,
    ready: async (timeout = 30_000) => {
      const until = Date.now() + timeout;
      for (let report = await look(checks); !report.ok; report = await look(checks)) {
        if (Date.now() > until) throw new Error(`${name} is not ready: ${JSON.stringify(report.checks)}`);
        await pause(20);
      }
    },
  };
}
