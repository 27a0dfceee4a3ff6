import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connectKafka } from '../kafka/kafka-kafkajs.client.ts';
import type { KafkaPort } from '../kafka/kafka.ts';
import { createLog } from '../log/log.ts';
import { stack } from '../testing/stack.ts';
import { until } from '../testing/until.ts';
import { gateStreams } from './gate-streams.client.ts';

const HOLDS = 'recall.hold.v1';
const TICKS = 'recall.tick.v1';
const log = createLog({ service: 'test', level: 'silent' });
let kafka: KafkaPort;

beforeAll(async () => {
  const prefix = `t-${randomUUID().slice(0, 8)}.`;
  kafka = await connectKafka({ brokers: stack().kafka.split(','), clientId: 'test', prefix, log });
  await kafka.createTopics([HOLDS, TICKS].map((topic) => ({ topic, partitions: 1, retention: 'forever' })));
});
afterAll(() => kafka.close());

const send = (topic: string, ...texts: string[]) =>
  kafka.send(texts.map((text) => ({ topic, key: 'k', value: Buffer.from(text) })));

test('it reads from the stored place, again after a failure, and after a restart without Kafka remembering', async () => {
  const streams = gateStreams(kafka, { instance: randomUUID(), retryAfter: 20 });
  let place: number | undefined = 1;
  let fail = true;
  const seen: string[] = [];
  const follow = () =>
    streams.follow({
      topic: HOLDS,
      group: 'warehouse.gate',
      position: () => Promise.resolve(place),
      handle: (messages) => {
        if (fail && messages.some(({ value }) => value?.toString() === 'c')) {
          fail = false;
          return Promise.reject(new Error('once'));
        }
        seen.push(...messages.map(({ value }) => value?.toString() ?? ''));
        place = (messages.at(-1)?.offset ?? 0) + 1;
        return Promise.resolve();
      },
    });
  await send(HOLDS, 'a', 'b', 'c');
  const first = await follow();
  await until(() => seen.length === 2);
  expect(seen).toEqual(['b', 'c']);
  await send(HOLDS, 'd');
  await until(() => seen.length === 3);
  await first.stop();

  await send(HOLDS, 'e');
  const second = await follow();
  await until(() => seen.length === 4);
  await second.stop();
  // The place was put back, as after a mismatch or a restore.
  place = 0;
  const third = await follow();
  await until(() => seen.length === 9);
  expect(seen).toEqual(['b', 'c', 'd', 'e', 'a', 'b', 'c', 'd', 'e']);
  await third.stop();
  expect(await streams.ends(HOLDS)).toEqual([{ partition: 0, low: 0, next: 5 }]);
});

test('a tail hears the last message there was and all that come', async () => {
  await send(TICKS, '1', '2');
  const heard: string[] = [];
  const streams = gateStreams(kafka, { instance: randomUUID() });
  const tail = await streams.tail(TICKS, ({ value }) => heard.push(value?.toString() ?? ''));
  await until(() => heard.at(-1) === '2');
  await send(TICKS, '3');
  await until(() => heard.at(-1) === '3');
  await tail.stop();
});
