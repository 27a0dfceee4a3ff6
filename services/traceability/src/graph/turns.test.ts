import { expect, test } from '@jest/globals';
import type { Pausing } from '../trace/walk.ts';
import { createTurns } from './turns.worker.ts';

/** A clock that goes on by one millisecond at each look, and a queue instead of an event loop. */
function bench() {
  const said: string[] = [];
  const queue: (() => void)[] = [];
  let time = 0;
  const turns = createTurns({ now: () => time++, later: (go) => void queue.push(go) });
  function* work(name: string, slices: number): Pausing<string> {
    for (let slice = 0; slice < slices; slice++) yield;
    return name;
  }
  const start = (name: string, slices: number) =>
    turns.start(() => work(name, slices), {
      done: (result) => void said.push(String(result)),
      failed: (error) => void said.push(`${name} failed ${String(error)}`),
      refused: () => void said.push(`${name} refused`),
    });
  const goOn = (turnsTaken = 1_000) => {
    for (let taken = 0; taken < turnsTaken && queue.length > 0; taken++) queue.shift()?.();
  };
  return { said, turns, start, goOn };
}

test('what is short is done at once, what is long in turns: the short one that came later is done first', () => {
  const { said, start, goOn } = bench();
  start('long', 100);
  start('longer', 200);
  start('short', 1);
  expect(said).toEqual(['short']);
  goOn();
  expect(said).toEqual(['short', 'long', 'longer']);
});

test('only so many long ones at once; the rest is refused, and short ones are still answered', () => {
  const { said, start, goOn } = bench();
  for (const name of ['a', 'b', 'c', 'd', 'e']) start(name, 500);
  start('short', 1);
  goOn(200);
  expect(said).toEqual(['short', 'e refused']);
  start('not so long', 20);
  goOn(100);
  expect(said.at(-1)).toBe('not so long');
  goOn();
  expect(said.slice(3).sort()).toEqual(['a', 'b', 'c', 'd']);
});

test('whoever left is not worked for; what was rewritten under it starts anew, but not for ever', () => {
  const { said, turns, start, goOn } = bench();
  const leave = start('gone', 50);
  start('stays', 50);
  leave();
  for (let more = 0; more < 4; more++) {
    goOn(1);
    turns.rewritten();
  }
  expect(said).toEqual([]);
  goOn(1);
  expect(said).toEqual(['stays']);
});

test('what fails says so and leaves the rest alone', () => {
  const { said, turns, start, goOn } = bench();
  const failing = function* (): Pausing<string> {
    yield;
    throw new Error('broken');
  };
  start('long', 50);
  turns.start(failing, { done: () => undefined, failed: () => void said.push('failed'), refused: () => undefined });
  goOn();
  expect(said).toEqual(['failed', 'long']);
});
