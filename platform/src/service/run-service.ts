import { randomUUID } from 'node:crypto';
import { createCodec, type Codec } from '@lotwarden/contracts/codec';
import type { TopicName } from '@lotwarden/contracts/topics';
import { systemClock, systemRandom, type Clock, type Random } from '../clock/clock.ts';
import { loadConfig, prefixOf, type BaseConfig, type Environment } from '../config/config.ts';
import { createLog, type Log } from '../log/log.ts';
import { asService } from '../telemetry/spans.ts';
import { clientCredentials, type TokenSource } from '../token-source.client.ts';
import { createVerifier, type TokenVerifier } from '../token-verifier.client.ts';
import { createLife } from './life.ts';
import type { AnyService } from './service.ts';
import { startInOrder } from './stages.ts';

/** A service that runs, until it is stopped or fails. */
export interface Running {
  readonly name: string;
  /** `http://127.0.0.1:4001` */
  readonly address: string;
  /** When it has its store and its part of the streams. Throws after `timeout` milliseconds (30 s if absent), saying what is missing. */
  readonly ready: (timeout?: number) => Promise<void>;
  /** Orderly: nothing new is taken, what was begun is ended, in reverse order of the start. Never throws. */
  readonly stop: () => Promise<void>;
  /** Settles with the reason if it cannot go on by itself; whoever started it decides what then. */
  readonly failed: Promise<Error>;
}

export interface RunOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  /** Where other services are; `<SERVICE>_URL` from the environment if absent. */
  readonly locate?: (service: string) => string | undefined;
  /** One for all services of a process: it keeps every schema in memory. */
  readonly codec?: Codec;
  readonly verifier?: TokenVerifier;
  readonly tokens?: TokenSource;
  /** Topics that somebody has made sure of for this life; the service looks after the others by itself. */
  readonly topicsPrepared?: Promise<readonly TopicName[]>;
  /** Replies that do not fit their schema become errors; for tests. */
  readonly checkReplies?: boolean;
}

/**
 * Starts a service: settings, database, streams, HTTP, gates, consumers, relay, jobs, sagas, in this order. Throws
 * `ConfigInvalid` for settings, else what kept a part from starting; nothing is left running then. Never exits the
 * process and never listens to its signals.
 */
export async function runService(
  definition: AnyService,
  environment: Environment,
  options: RunOptions = {},
): Promise<Running> {
  const config = loadConfig(definition.name, definition.config, environment);
  return asService(definition.name, () => start(definition, config, environment, options));
}

/**
 * Makes the collections, indexes and topics of a service that are not there yet, and ends: a step of the installation,
 * before the first start or before a new version. A service that starts without it does the same by itself. Throws
 * `ConfigInvalid` for settings, else what kept it from being done; doing it again changes nothing.
 */
export async function layOutService(
  definition: AnyService,
  environment: Environment,
  options: RunOptions = {},
): Promise<void> {
  const config = loadConfig(definition.name, definition.config, environment);
  await asService(definition.name, async () => {
    const { life, log } = give(definition, config, environment, options);
    const stop = await startInOrder(life.layOut, { log, stopTimeout: config.stopTimeout });
    await stop();
    log.info({}, 'collections, indexes and topics are there');
  });
}

async function start(
  definition: AnyService,
  config: BaseConfig,
  environment: Environment,
  options: RunOptions,
): Promise<Running> {
  const { name } = definition;
  const { life, log } = give(definition, config, environment, options);
  const from = Date.now();
  const stopAll = await startInOrder(life.stages, { log, stopTimeout: config.stopTimeout });
  life.open();
  log.info({ address: life.address(), milliseconds: Date.now() - from }, 'service started');

  let stopping: Promise<void> | undefined;
  return {
    name,
    address: life.address(),
    ready: life.ready,
    failed: life.failed,
    stop: () => {
      life.close();
      stopping ??= stopAll().then(() => log.info({}, 'service stopped'));
      return stopping;
    },
  };
}

/** A life that has all it needs and has not begun. */
function give(definition: AnyService, config: BaseConfig, environment: Environment, options: RunOptions) {
  const { name } = definition;
  const clock = options.clock ?? systemClock();
  const issuer = config.oidcIssuer.replace(/\/$/, '');
  const log = options.log ?? createLog({ service: name, level: config.logLevel });
  const life = createLife(definition, config, {
    clock,
    random: options.random ?? systemRandom(),
    log,
    codec: options.codec ?? createCodec(),
    instance: `${name}-${randomUUID()}`,
    locate: options.locate ?? ((service) => environment[`${prefixOf(service)}_URL`]),
    verifier:
      options.verifier ??
      createVerifier({ issuer: config.oidcIssuer, keys: new URL(config.jwksUrl ?? `${issuer}/jwks`) }),
    tokens:
      options.tokens ??
      clientCredentials({
        tokenUrl: new URL(config.tokenUrl ?? `${issuer}/token`),
        clientId: name,
        clientSecret: config.clientSecret,
        now: clock.now,
      }),
    topicsPrepared: options.topicsPrepared ?? Promise.resolve([]),
    checkReplies: options.checkReplies ?? false,
  });
  return { life, log };
}
