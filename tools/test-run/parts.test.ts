import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runNode } from './child.ts';
import { nodeOptions } from './parts.ts';

test('tests are not told of the timers that kafkajs sets in the past, whoever starts them', async () => {
  const past = 'setTimeout(() => {}, -1 - Date.now())';
  const { signal } = new AbortController();
  const started = (NODE_OPTIONS: string) => runNode(['-e', past], { timeLimit: 9_000, signal, env: { NODE_OPTIONS } });
  expect((await started('')).output).toContain('TimeoutNegativeWarning');
  expect((await started(nodeOptions)).output).not.toContain('Warning');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(scripts['jest']).toBe(`NODE_OPTIONS='${nodeOptions}' jest`);
});
