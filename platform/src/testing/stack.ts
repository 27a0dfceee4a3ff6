import { existsSync, readFileSync } from 'node:fs';

export interface StackAddresses {
  /** host:port, separated by commas. */
  readonly kafka: string;
  readonly mongo: string;
  readonly redis: string;
}

/** The real servers of a test: from the environment, else what `make stack-up` wrote into .lotwarden/stack.json. */
export function stack(): StackAddresses {
  const { KAFKA_BROKERS: kafka, MONGO_URL: mongo, REDIS_URL: redis } = process.env;
  if (kafka !== undefined && mongo !== undefined && redis !== undefined) return { kafka, mongo, redis };
  const file = new URL('../../../.lotwarden/stack.json', import.meta.url);
  if (!existsSync(file))
    throw new Error('No servers to test against: run `make stack-up`, or set KAFKA_BROKERS, MONGO_URL, REDIS_URL.');
  const written = JSON.parse(readFileSync(file, 'utf8')) as StackAddresses;
  return { kafka: kafka ?? written.kafka, mongo: mongo ?? written.mongo, redis: redis ?? written.redis };
}
