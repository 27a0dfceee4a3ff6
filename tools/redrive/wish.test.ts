import { expect, test } from '@jest/globals';
import { wishOf } from './wish.ts';

test('make hands its variables over by the environment, scripts as words', () => {
  expect(wishOf({ SERVICE: 'qms', KEY: 'M-1|x', HOME: '/root' }, [])).toEqual({
    service: 'qms',
    key: 'M-1|x',
    topic: undefined,
    group: undefined,
    all: false,
  });
  expect(wishOf({ SERVICE: 'qms' }, ['SERVICE=recall', 'ALL=1'])).toMatchObject({ service: 'recall', all: true });
  expect(wishOf({ ALL: '1' }, [])).toMatchObject({ service: undefined, all: true });
});

test.each([
  [{}, [], 'Which service?'],
  [{ ALL: '0' }, [], 'Which service?'],
  [{ ALL: '1', KEY: 'x' }, [], 'at one service'],
  [{ SERVICE: 'qms' }, ['--all'], 'not understood'],
])('%j %j is answered with how to ask', (environment, words, problem) => {
  expect(() => wishOf(environment, words)).toThrow(problem);
  expect(() => wishOf(environment, words)).toThrow('make redrive SERVICE=');
});
