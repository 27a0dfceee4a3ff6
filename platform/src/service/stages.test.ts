import { expect, test } from '@jest/globals';
import { createLog } from '../log/log.ts';
import { startInOrder, within, type Stage } from './stages.ts';

const options = { log: createLog({ service: 'test', level: 'silent' }), stopTimeout: 50 };

const stage = (name: string, told: string[], stop?: () => Promise<void>): Stage => ({
  name,
  start: async () => {
    told.push(`start ${name}`);
    return async () => {
      told.push(`stop ${name}`);
      await stop?.();
    };
  },
});

test('stages start in order and stop in reverse', async () => {
  const told: string[] = [];
  const stop = await startInOrder([stage('store', told), stage('http', told)], options);
  await stop();
  expect(told).toEqual(['start store', 'start http', 'stop http', 'stop store']);
});

test('when one cannot start, those before it are stopped and its error goes on', async () => {
  const told: string[] = [];
  const broken: Stage = { name: 'broken', start: () => Promise.reject(new Error('no broker')) };
  await expect(startInOrder([stage('store', told), broken, stage('http', told)], options)).rejects.toThrow('no broker');
  expect(told).toEqual(['start store', 'stop store']);
});

test('one that hangs or throws at its stop does not keep the others', async () => {
  const told: string[] = [];
  const hangs = (): Promise<void> => new Promise(() => undefined);
  const throws = (): Promise<void> => Promise.reject(new Error('broken pipe'));
  const stop = await startInOrder([stage('a', told), stage('b', told, hangs), stage('c', told, throws)], options);
  await stop();
  expect(told.slice(3)).toEqual(['stop c', 'stop b', 'stop a']);
});

test('within gives the result, the error, or says that it took too long', async () => {
  await expect(within(50, Promise.resolve(1))).resolves.toBe(1);
  await expect(within(50, Promise.reject(new Error('x')))).rejects.toThrow('x');
  await expect(within(5, new Promise(() => undefined))).rejects.toThrow('5 ms');
});
