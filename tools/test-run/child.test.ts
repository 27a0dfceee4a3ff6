import { expect, test } from '@jest/globals';
import { runNode } from './child.ts';

const signal = new AbortController().signal;
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('what it prints and how it ended comes back', async () => {
  const ended = await runNode(['-e', 'console.log("out"); console.error("err"); process.exitCode = 3'], {
    timeLimit: 9_000,
    signal,
  });
  expect(ended.exitCode).toBe(3);
  expect(ended.output).toMatch(/out[^]*err|err[^]*out/);
});

test('a program that does not end is killed with its children', async () => {
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const ended = await runNode(['-e', script], { timeLimit: 700, signal });
  expect(ended.exitCode).toBeNull();
  const pid = Number(/^\d+/.exec(ended.output)?.[0]);
  expect(pid).toBeGreaterThan(0);
  for (const end = Date.now() + 4_000; alive(pid) && Date.now() < end;) await new Promise(setImmediate);
  expect(alive(pid)).toBe(false);
});

test('a run that is stopped stops its programs', async () => {
  const stop = new AbortController();
  const running = runNode(['-e', 'setInterval(() => {}, 1000)'], { timeLimit: 60_000, signal: stop.signal });
  stop.abort();
  expect(await running).toMatchObject({ exitCode: null });
});
