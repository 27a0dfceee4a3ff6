import { randomUUID } from 'node:crypto';
import { MongoClient, type Db } from 'mongodb';
import type { Environment } from '../config/config.ts';
import { createLog } from '../log/log.ts';
import { runService, type Running, type RunOptions } from '../service/run-service.ts';
import type { AnyService } from '../service/service.ts';
import { stack } from './stack.ts';
import { testTokens, type TestTokens } from './tokens.ts';

export interface TestEnvironment {
  readonly environment: Environment;
  /** Before every topic and group of this run; databases are called `<databasePrefix><service>`. */
  readonly topicPrefix: string;
  readonly databasePrefix: string;
  /** Looks into, or meddles with, the database of a service of this run. */
  readonly inDatabase: <R>(service: string, run: (db: Db) => Promise<R>) => Promise<R>;
  /** Removes the databases. */
  readonly drop: () => Promise<void>;
}

/** The shared servers with databases, topics and groups of this run alone. */
export function testEnvironment(overrides: Environment = {}): TestEnvironment {
  const { kafka, mongo, redis } = stack();
  const run = randomUUID().slice(0, 8);
  const databasePrefix = `t-${run}-`;
  const topicPrefix = `t-${run}.`;
  return {
    topicPrefix,
    databasePrefix,
    environment: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      MONGO_URL: mongo,
      KAFKA_BROKERS: kafka,
      REDIS_URL: redis,
      DATABASE_PREFIX: databasePrefix,
      TOPIC_PREFIX: topicPrefix,
      ...overrides,
    },
    inDatabase: async (service, run) => {
      const client = await MongoClient.connect(mongo);
      try {
        return await run(client.db(`${databasePrefix}${service}`));
      } finally {
        await client.close();
      }
    },
    drop: async () => {
      const client = await MongoClient.connect(mongo);
      const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
      for (const { name } of databases) if (name.startsWith(databasePrefix)) await client.db(name).dropDatabase();
      await client.close();
    },
  };
}

export interface TestService extends Running {
  readonly tokens: TestTokens;
  readonly world: TestEnvironment;
  /** Stops it and removes its database. */
  readonly end: () => Promise<void>;
}

export interface TestServiceOptions extends RunOptions {
  /** To let several services meet, or to start one again on what it had. */
  readonly world?: TestEnvironment;
  /** Settings of this service. */
  readonly environment?: Environment;
  readonly tokenSet?: TestTokens;
}

/** A service on real servers, ready, with throwaway keys; its replies are checked against their schemas. */
export async function startService(definition: AnyService, options: TestServiceOptions = {}): Promise<TestService> {
  const { world = testEnvironment(), environment = {}, tokenSet, ...rest } = options;
  const tokens = tokenSet ?? (await testTokens());
  const running = await runService(
    definition,
    { ...world.environment, ...environment },
    {
      verifier: tokens.verifier,
      log: createLog({ service: definition.name, level: world.environment['LOG_LEVEL'] ?? 'warn' }),
      checkReplies: true,
      ...rest,
    },
  );
  await running.ready();
  return {
    ...running,
    tokens,
    world,
    end: async () => {
      await running.stop();
      await world.drop();
    },
  };
}
