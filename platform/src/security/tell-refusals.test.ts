import { expect, test } from '@jest/globals';
import { Transient } from '../errors.ts';
import { createLog } from '../log/log.ts';
import { gatherRefusals } from './refusals.ts';
import { tellRefusals, type RefusalBatch } from './tell-refusals.client.ts';

/** Identity, as far as it listens: away for a while, or hearing what it then does not answer. */
function setUp() {
  const heard: RefusalBatch[] = [];
  const state = { away: false, answers: true, known: true };
  const keep = (told: RefusalBatch) => {
    if (state.away) return Promise.reject(new Transient());
    heard.push(told);
    return state.answers ? Promise.resolve() : Promise.reject(new Transient());
  };
  let number = 0;
  const refusals = gatherRefusals('qms', 100);
  const teller = tellRefusals({
    refusals,
    keep,
    isThere: () => state.known,
    log: createLog({ service: 'qms', level: 'silent' }),
    now: () => new Date(0),
    uuid: () => `batch-${String(++number)}`,
  });
  const refuse = (subject: string): void =>
    refusals.note({ kind: 'token-refused', subject, reason: 'token-invalid', address: null }, new Date(0));
  const subjects = () => heard.map(({ batch, refusals: told }) => [batch, ...told.map(({ subject }) => subject)]);
  return { teller, refuse, state, subjects };
}

test('nothing is told when nothing was refused', async () => {
  const { teller, subjects } = setUp();
  await teller.look();
  expect(subjects()).toEqual([]);
});

test('while nobody knows where identity is, it waits; it may start after this service', async () => {
  const { teller, refuse, state, subjects } = setUp();
  state.known = false;
  refuse('early');
  await teller.look();
  expect(subjects()).toEqual([]);
  state.known = true;
  await teller.look();
  expect(subjects()).toEqual([['batch-1', 'early']]);
});

test('what identity did not hear is told when it is back, and what came meanwhile after it', async () => {
  const { teller, refuse, state, subjects } = setUp();
  refuse('first');
  state.away = true;
  await expect(teller.look()).rejects.toThrow(Transient);
  refuse('second');
  await expect(teller.look()).rejects.toThrow(Transient);
  state.away = false;
  await teller.look();
  await teller.look();
  expect(subjects()).toEqual([
    ['batch-1', 'first'],
    ['batch-2', 'second'],
  ]);
});

test('what was heard but not answered comes again under the same name', async () => {
  const { teller, refuse, state, subjects } = setUp();
  refuse('li');
  state.answers = false;
  await expect(teller.look()).rejects.toThrow(Transient);
  state.answers = true;
  await teller.look();
  expect(subjects()).toEqual([
    ['batch-1', 'li'],
    ['batch-1', 'li'],
  ]);
});

test('a service that stops tells all that waits, also what could not be told before', async () => {
  const { teller, refuse, state, subjects } = setUp();
  const stop = teller.start();
  refuse('first');
  state.away = true;
  await expect(teller.look()).rejects.toThrow(Transient);
  refuse('second');
  state.away = false;
  await stop();
  expect(subjects()).toEqual([
    ['batch-1', 'first'],
    ['batch-2', 'second'],
  ]);
});
