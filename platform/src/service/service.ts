import type { Codec } from '@lotwarden/contracts/codec';
import type { z } from 'zod';
import type { KeepRefusals } from '../security/tell-refusals.client.ts';
import type { Clock, Random } from '../clock/clock.ts';
import type { BaseConfig } from '../config/config.ts';
import type { Consumer } from '../consumer/consumer.ts';
import type { Gate } from '../gate/gate.ts';
import type { Mount } from '../http/app.ts';
import type { Route } from '../http/route.ts';
import type { KafkaPort } from '../kafka/kafka.ts';
import type { Job, Queue, WakeOptions } from '../jobs/job.ts';
import type { Log } from '../log/log.ts';
import type { Messages } from '../messages.ts';
import type { Saga } from '../saga/saga.store.ts';
import type { Store } from '../store/store.ts';
import type { Invariant } from '../operations/invariants.ts';
import type { Context } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ServiceClient } from './service.client.ts';

export type { Invariant, Violator } from '../operations/invariants.ts';

/** What the platform hands to a service: all it may touch, as a plain argument. */
export interface Deps<Config = BaseConfig> {
  /** The service's name, `receiving`. */
  readonly service: string;
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What it measures of itself beyond what the platform does. */
  readonly metrics: Metrics;
  /** The service's own database; nobody else reads it. */
  readonly store: Store;
  readonly db: Store['db'];
  /** Declares an aggregate: its collection and indexes are there before anything is heard or answered. */
  readonly aggregate: Store['aggregate'];
  /** Declares a collection of plain documents: directories, projections, tasks. */
  readonly collection: Store['collection'];
  /** Several documents in one transaction; runs again on conflicts, so it has no effects but those on `work`. */
  readonly work: Store['work'];
  /** The streams, for a service that keeps more in memory than consumers do. Facts are published by the store alone. */
  readonly kafka: KafkaPort;
  /** For what is no fact and so goes past the store: a heartbeat. */
  readonly codec: Codec;
  /** Questions to another service by HTTP, with this service's own token. Never a change behind an owner's back. */
  readonly serviceClient: (service: string) => ServiceClient;
  /** Base address of another service, where it is known now. */
  readonly locate: (service: string) => string | undefined;
  /**
   * Lets a queue of this service look at `id` now, or after a while. Only a hint: MongoDB holds what is due, and a job
   * that polls finds what a lost wake forgot. Never throws: without Redis it says so in the log.
   */
  readonly wake: (queue: string, id: string, options?: WakeOptions) => Promise<void>;
}

/** What a service consists of, readable in one breath. The platform starts it from top to bottom and stops it in reverse. */
export interface Inventory {
  /** Words for the error codes it throws; the platform has its own. */
  readonly messages?: Messages;
  readonly http?: readonly (readonly Route[])[];
  /** What speaks HTTP by itself and guards itself: an OIDC provider, a proxy, static files. */
  readonly mounts?: readonly Mount[];
  readonly gates?: readonly Gate[];
  readonly consumers?: readonly Consumer[];
  readonly queues?: readonly Queue[];
  readonly jobs?: readonly Job[];
  readonly sagas?: readonly Saga[];
  /**
   * What must hold whatever happened, each with what breaks it: `GET /operations/invariants` asks it anew, and adds what
   * every service must keep.
   */
  readonly invariants?: (asker: Context) => Promise<readonly Invariant[]>;
  /** Keeps what was refused here; only identity does, all others tell it. */
  readonly keepRefusals?: KeepRefusals;
  /** Whatever else must be there before the first request: a graph to load, a provider to mount. Its end is awaited on stop. */
  readonly onStart?: () => Promise<OnStop | void>;
}

export type OnStop = () => Promise<void>;

export interface ServiceDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly config: Schema;
  readonly build: (deps: Deps<BaseConfig & z.output<Schema>>) => Inventory | Promise<Inventory>;
}

/** Any service, whatever its settings are. */
export interface AnyService {
  readonly name: string;
  readonly config: z.ZodObject;
  readonly build: (deps: never) => Inventory | Promise<Inventory>;
}

/**
 * A service: its name, the settings it adds to the platform's, and what it consists of. Nothing runs yet: `runService`.
 *
 *     export default service('receiving', config, (deps) => ({ messages, http: [materialLotRoutes(deps)], … }));
 */
export const service = <Schema extends z.ZodObject>(
  name: string,
  config: Schema,
  build: ServiceDefinition<Schema>['build'],
): ServiceDefinition<Schema> => ({ name, config, build });
