import { setTimeout as pause } from 'node:timers/promises';
import { createCodec } from '@lotwarden/contracts/codec';
import type { TopicName } from '@lotwarden/contracts/topics';
import { z } from 'zod';
import { ConfigInvalid, loadConfig, prefixOf, type BaseConfig, type Environment } from '../config/config.ts';
import { createLog, type Log } from '../log/log.ts';
import { runService, type Running, type RunOptions } from './run-service.ts';
import { connectKafka } from '../kafka/kafka-kafkajs.client.ts';
import type { AnyService } from './service.ts';
import { prepareTopics, topicsAround } from './topics.ts';

export interface Supervised {
  /** Base addresses of the services that run now. */
  readonly addresses: () => Readonly<Record<string, string>>;
  /** When all are ready. Throws after `timeout` milliseconds (60 s if absent). */
  readonly ready: (timeout?: number) => Promise<void>;
  /** Stops all, at the same time. Never throws. */
  readonly stop: () => Promise<void>;
}

export interface SuperviseOptions extends RunOptions {
  /** Milliseconds before the first restart; doubled for each one that follows soon, up to 5 s. 500 if absent. */
  readonly backoff?: number;
}

const NOT_PREPARED: Promise<readonly TopicName[]> = Promise.resolve([]);

/** Who has run this long is well again: its next failure is a first one. */
const WELL_AFTER_MS = 60_000;
/** A server that comes back is found soon, and one that stays away is not hammered. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Several services in one process, each with its own supervisor: one that dies is started again, with growing pauses,
 * and the others do not notice (correctness rule 10). All settings are checked first: `ConfigInvalid` with the problems
 * of all. Services find each other by where they listen now.
 */
export function supervise(
  definitions: readonly AnyService[],
  environment: Environment,
  options: SuperviseOptions = {},
): Supervised {
  const levels = logLevels(definitions, environment);
  const running = new Map<string, Running>();
  const stopped = new AbortController();
  const locate = (service: string): string | undefined =>
    running.get(service)?.address ?? environment[`${prefixOf(service)}_URL`];
  const shared: RunOptions = { locate, codec: options.codec ?? createCodec(), ...options };

  const names = definitions.map(({ name }) => name);
  const topicsPrepared = options.topicsPrepared ?? prepareTogether(names, environment, options.log);
  const care = { environment, options: shared, backoff: options.backoff ?? 500, running, signal: stopped.signal };
  const lives = definitions.map((definition) => {
    const { name } = definition;
    const log = options.log ?? createLog({ service: name, level: levels.get(name) ?? 'info' });
    return keepAlive(definition, { ...care, topicsPrepared, log });
  });

  return {
    addresses: () => Object.fromEntries([...running].map(([name, { address }]) => [name, address])),
    ready: async (timeout = 60_000) => {
      const until = Date.now() + timeout;
      for (const { name } of definitions) {
        while (!running.has(name)) {
          if (Date.now() > until) throw new Error(`${name} did not start within ${timeout} ms`);
          await pause(20);
        }
        await running.get(name)?.ready(Math.max(0, until - Date.now()));
      }
    },
    stop: async () => {
      stopped.abort();
      await Promise.all([...running.values()].map((one) => one.stop()));
      await Promise.all(lives);
    },
  };
}

/**
 * Makes the topics of these services, once for all: services that make the same ones at the same moment only get in each
 * other's way. Needs their names alone, so that the broker can work while they are being loaded. Returns what is there
 * then. Never throws: without Kafka each service says so by itself, and its supervisor tries again.
 */
export async function prepareTogether(
  names: readonly string[],
  environment: Environment,
  given?: Log,
): Promise<readonly TopicName[]> {
  const [first] = names;
  if (first === undefined || names.length === 1) return [];
  const settings = wellFormed(first, environment);
  if (settings === undefined) return [];
  const { kafkaBrokers: brokers, topicPrefix: prefix, createTopics, nodeEnv, logLevel } = settings;
  if (!(createTopics ?? nodeEnv !== 'production')) return [];
  const log = given ?? createLog({ service: 'supervisor', level: logLevel });
  const wanted = [...new Set(names.flatMap(topicsAround))];
  try {
    const kafka = await connectKafka({ brokers, clientId: 'supervisor', prefix, log });
    await prepareTopics(kafka, wanted, true).finally(() => kafka.close());
    return wanted;
  } catch (error) {
    log.warn({ err: error }, 'topics could not be prepared for all services; each tries by itself');
    return [];
  }
}

/** Wrong settings are told together with those of all services. */
function wellFormed(service: string, environment: Environment): BaseConfig | undefined {
  try {
    return loadConfig(service, z.object({}), environment);
  } catch (error) {
    if (error instanceof ConfigInvalid) return undefined;
    throw error;
  }
}

/** Of each service. Throws `ConfigInvalid` with whatever is wrong with the settings of any. */
function logLevels(
  definitions: readonly AnyService[],
  environment: Environment,
): ReadonlyMap<string, BaseConfig['logLevel']> {
  const levels = new Map<string, BaseConfig['logLevel']>();
  const problems = definitions.flatMap(({ name, config }) => {
    try {
      levels.set(name, loadConfig(name, config, environment).logLevel);
      return [];
    } catch (error) {
      if (error instanceof ConfigInvalid) return error.problems;
      throw error;
    }
  });
  if (problems.length > 0)
    throw new ConfigInvalid(definitions.map(({ name }) => name).join(', '), [...new Set(problems)]);
  return levels;
}

interface Care {
  readonly environment: Environment;
  readonly options: RunOptions;
  readonly backoff: number;
  readonly running: Map<string, Running>;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** For the first life; a later one looks again. */
  readonly topicsPrepared: Promise<readonly TopicName[]>;
}

/** One life after another, until it is told to end. Never throws. */
async function keepAlive(definition: AnyService, care: Care): Promise<void> {
  const { backoff, running, signal, log } = care;
  const { name } = definition;
  const ended = (): boolean => signal.aborted;
  for (let failures = 0; !ended();) {
    const from = Date.now();
    const reason = await live(definition, failures === 0 ? care : { ...care, topicsPrepared: NOT_PREPARED });
    running.delete(name);
    if (ended()) return;
    failures = Date.now() - from > WELL_AFTER_MS ? 1 : failures + 1;
    const wait = Math.min(LONGEST_PAUSE_MS, backoff * 2 ** (failures - 1));
    log.error({ err: reason, service: name, failures, wait }, 'service failed; it is started again');
    await pause(wait, undefined, { signal }).catch(stoppedQuietly);
  }
}

/** From the start to the end of one life; why it ended. */
async function live(
  definition: AnyService,
  { environment, options, running, signal, topicsPrepared, log }: Care,
): Promise<unknown> {
  let one: Running;
  try {
    one = await runService(definition, environment, { ...options, topicsPrepared });
  } catch (error) {
    return error;
  }
  running.set(definition.name, one);
  const told = Promise.withResolvers<undefined>();
  const tell = (): void => told.resolve(undefined);
  signal.addEventListener('abort', tell, { once: true });
  if (signal.aborted) tell();
  const reason = await Promise.race([one.failed, told.promise]);
  signal.removeEventListener('abort', tell);
  await one.stop();
  if (reason !== undefined) log.debug({ service: definition.name }, 'the failed life has ended');
  return reason;
}

/** A pause that the stop has cut short. */
function stoppedQuietly(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
}
