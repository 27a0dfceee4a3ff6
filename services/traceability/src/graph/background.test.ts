import { expect, test } from '@jest/globals';
import type { Pausing } from '../trace/walk.ts';
import { createBackground } from './background.worker.ts';

/** A clock that goes on by half a millisecond whenever it is asked, and callbacks that come when the test says so. */
function createThread(steps: number) {
  let time = 0;
  const begun: number[] = [];
  const waiting: { after: number; go: () => void }[] = [];
  let done = 0;
  function* work(): Pausing<void> {
    begun.push(done);
    for (let step = 0; step < steps; step++) {
      done += 1;
      yield;
    }
  }
  const background = createBackground({
    begin: work,
    now: () => (time += 0.5),
    later: (go) => waiting.push({ after: 0, go }),
    after: (after, go) => waiting.push({ after, go }),
  });
  const next = (): number | undefined => {
    const one = waiting.shift();
    one?.go();
    return one?.after;
  };
  return { background, next, done: () => done, begun };
}

test('nothing is begun before something has changed', () => {
  const { background, next, done } = createThread(3);
  background.stir(false);
  expect(next()).toBeUndefined();
  expect(done()).toBe(0);
});

test('at full speed while nothing comes, seldom while something does, and to its end', () => {
  const { background, next, done } = createThread(10);
  background.stir(true);
  expect(next()).toBe(50);
  expect(next()).toBe(50);
  expect(next()).toBe(0);
  background.stir(false);
  expect(next()).toBe(0);
  expect(next()).toBe(50);
  while (next() !== undefined);
  expect(done()).toBe(10);
});

test('what changes meanwhile is looked through again, once', () => {
  const { background, next, begun } = createThread(4);
  background.stir(true);
  next();
  background.stir(true);
  background.stir(true);
  while (next() !== undefined);
  expect(begun.length).toBe(2);
  background.stir(true);
  while (next() !== undefined);
  expect(begun.length).toBe(3);
});
