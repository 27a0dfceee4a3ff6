import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { processAlive } from './processes.ts';
import { type Stack, startStack } from './stack.ts';

jest.setTimeout(120_000);

/** Own servers even where addresses are in the environment. */
const env = { ...process.env, STACK: 'local' };
let root = '';
let stack: Stack;
let beside: Stack;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'lotwarden-stack-'));
  [stack, beside] = await Promise.all([startStack({ root, env }), startStack({ root, env })]);
});

afterAll(async () => {
  await Promise.all([stack.stop(), beside.stop()]);
  await rm(root, { recursive: true, force: true });
});

const kafkaOf = ({ addresses }: Stack) =>
  new Kafka({ brokers: [addresses.kafka], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 10 } });

async function withMongo<R>({ addresses }: Stack, work: (client: MongoClient) => Promise<R>): Promise<R> {
  const client = new MongoClient(addresses.mongo);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function withAdmin<R>(of: Stack, work: (admin: ReturnType<Kafka['admin']>) => Promise<R>): Promise<R> {
  const admin = kafkaOf(of).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** The server's answer to one inline command, until nothing more comes. */
function redis({ addresses }: Stack, command: string): Promise<string> {
  const { hostname, port } = new URL(addresses.redis);
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(port), hostname, () => socket.write(`${command}\r\nQUIT\r\n`));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

const count = (of: Stack) => withMongo(of, (client) => client.db('life').collection('lots').countDocuments());

test('MongoDB takes transactions', async () => {
  await withMongo(stack, async (client) => {
    const lots = client.db('life').collection('lots');
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await lots.insertOne({ lot: 'L-1042' }, { session });
        await lots.insertOne({ lot: 'L-1043' }, { session });
      }),
    );
  });
  expect([await count(stack), await count(beside)]).toEqual([2, 0]);
});

test('Redis keeps what it was told and evicts nothing', async () => {
  expect(await redis(stack, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
  expect(await redis(stack, 'CONFIG GET appendonly')).toContain('yes');
});

test('Kafka has one broker and makes no topics by itself', async () => {
  await withAdmin(stack, async (admin) => {
    const cluster = await admin.describeCluster();
    expect(cluster.brokers).toEqual([expect.objectContaining({ port: Number(stack.addresses.kafka.split(':')[1]) })]);
    expect(await admin.createTopics({ topics: [{ topic: 'life', numPartitions: 1 }], waitForLeaders: true })).toBe(
      true,
    );
  });
  const producer = kafkaOf(stack).producer({ retry: { retries: 0 } });
  await producer.connect();
  await producer.send({ topic: 'life', messages: [{ value: 'kept' }] });
  await expect(producer.send({ topic: 'mistyped', messages: [{ value: 'x' }] })).rejects.toThrow();
  await producer.disconnect();
  expect(await withAdmin(beside, (admin) => admin.listTopics())).not.toContain('life');
});

test('two stacks share neither addresses nor folders', () => {
  const all = [stack, beside].flatMap(({ addresses, runDir }) => [...Object.values(addresses), runDir]);
  expect(new Set(all).size).toBe(8);
});

test('a restart keeps address and data, after a kill as well', async () => {
  const before = stack.pids();
  await stack.kill('kafka');
  expect(processAlive(before.kafka!)).toBe(false);
  await redis(stack, 'SET lot L-1042');
  await Promise.all([stack.restart('kafka'), stack.restart('mongo'), stack.restart('redis')]);

  const after = stack.pids();
  expect(Object.keys(after)).toEqual(['kafka', 'mongo', 'redis']);
  expect(Object.values(after)).not.toContain(before.mongo);
  expect(await count(stack)).toBe(2);
  expect(await redis(stack, 'GET lot')).toContain('L-1042');
  const offsets = await withAdmin(stack, (admin) => admin.fetchTopicOffsets('life'));
  expect(offsets).toEqual([expect.objectContaining({ partition: 0, high: '1' })]);
});

test('an end that nobody asked for is told', async () => {
  let told: (message: string) => void = () => undefined;
  const message = new Promise<string>((resolve) => (told = resolve));
  const given = { ...env, STACK: undefined, KAFKA_BROKERS: stack.addresses.kafka, MONGO_URL: stack.addresses.mongo };
  const third = await startStack({
    root,
    env: { ...given, REDIS_URL: undefined },
    onUnexpectedEnd: (line) => told(line),
  });
  try {
    expect(third.addresses).toMatchObject({ kafka: stack.addresses.kafka, mongo: stack.addresses.mongo });
    await expect(third.restart('kafka')).rejects.toThrow('given by address');
    process.kill(third.pids().redis!, 'SIGKILL');
    expect(await message).toMatch(/^redis ended by SIGKILL/);
  } finally {
    await third.stop();
  }
});

test('an address that does not answer is told with the variable at fault', async () => {
  const wrong = startStack({
    root,
    env: {
      ...env,
      STACK: undefined,
      KAFKA_BROKERS: stack.addresses.kafka,
      MONGO_URL: stack.addresses.mongo,
      REDIS_URL: 'redis://127.0.0.1:1',
    },
  });
  await expect(wrong).rejects.toThrow(/redis at redis:\/\/127\.0\.0\.1:1 \(REDIS_URL\)/);
});

test('stop leaves no process and no data', async () => {
  const pids = Object.values(beside.pids());
  await beside.stop();
  expect(pids.length).toBe(3);
  expect(pids.filter(processAlive)).toEqual([]);
  expect(existsSync(beside.runDir)).toBe(false);
});
