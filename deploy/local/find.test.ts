import { expect, test } from '@jest/globals';
import { chooseSource, composeMessage, forcedWay, givenAddress, StackError, type Survey } from './find.ts';

const present: Survey<string> = { kind: 'present', program: '/usr/bin/mongod', where: '/usr/bin/mongod' };
const missing: Survey<string> = { kind: 'missing', lacks: 'there is no mongod', remedy: 'Install MongoDB' };
const notAsked = async (): Promise<Survey<string>> => {
  throw new Error('the machine was searched although the address was given');
};

test('an address in the environment comes first, and the machine is not searched', async () => {
  expect(await chooseSource('mongo', { MONGO_URL: ' mongodb://db/?replicaSet=a ' }, notAsked)).toEqual({
    kind: 'given',
    address: 'mongodb://db/?replicaSet=a',
  });
});

test('each server has its own variable, and an empty one counts as unset', () => {
  const env = { KAFKA_BROKERS: 'k:9092', REDIS_URL: '' };
  expect([givenAddress('kafka', env), givenAddress('mongo', env), givenAddress('redis', env)]).toEqual([
    'k:9092',
    undefined,
    undefined,
  ]);
});

test('then a program on this machine, then one that can be installed', async () => {
  expect(await chooseSource('mongo', {}, async () => present)).toMatchObject({
    kind: 'program',
    where: '/usr/bin/mongod',
  });
  expect(await chooseSource('mongo', {}, async () => ({ kind: 'installable' }))).toEqual({ kind: 'install' });
});

test('where nothing helps, one message says what is missing, how to install it, and the other way', async () => {
  await expect(chooseSource('mongo', {}, async () => missing)).rejects.toThrow(
    'mongo: there is no mongod. Install MongoDB, or give the address of a running one in MONGO_URL.',
  );
});

test('STACK=local uses programs of this machine even where addresses are given', async () => {
  const env = { STACK: 'local', MONGO_URL: 'mongodb://elsewhere' };
  expect(await chooseSource('mongo', env, async () => present)).toMatchObject({ kind: 'program' });
});

test('STACK=compose and an unknown value are refused with the way out', () => {
  expect(() => forcedWay({ STACK: 'compose' })).toThrow(new StackError(composeMessage));
  expect(() => forcedWay({ STACK: 'docker' })).toThrow('STACK=docker is not known; it may be "local" or "compose"');
  expect(forcedWay({ STACK: '' })).toBeUndefined();
});
