import { expect, test } from '@jest/globals';
import { countTests, finalLine, sum, type JestReport } from './tally.ts';

const report = (numbers: Partial<JestReport> = {}): JestReport => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
  ...numbers,
});

test('tests that passed are counted', () => {
  expect(countTests(report(), 0)).toEqual({ passed: 3, failed: 0, reasons: [] });
});

test('tests that failed, files that did not load and tests that were skipped count as failed', () => {
  const numbers = { numFailedTests: 1, numRuntimeErrorTestSuites: 1, numPendingTests: 1, numTodoTests: 1 };
  expect(countTests(report(numbers), 1)).toMatchObject({ passed: 3, failed: 4 });
});

test('a failed test and a file that did not load are named', () => {
  const testResults = [
    { name: 'lot.test.ts', message: 'x', assertionResults: [{ fullName: 'a lot is held', status: 'failed' }] },
    { name: 'gate.test.ts', message: 'SyntaxError', assertionResults: [] },
  ];
  expect(countTests(report({ numFailedTests: 1, numRuntimeErrorTestSuites: 1, testResults }), 1).reasons).toEqual([
    'failed: a lot is held (lot.test.ts)',
    'did not load: gate.test.ts',
  ]);
});

test.each([
  ['no report', undefined, 0, { passed: 0, failed: 1 }],
  ['no test found', report({ numPassedTests: 0 }), 0, { passed: 0, failed: 1 }],
  ['killed after the last test', report(), null, { passed: 3, failed: 1 }],
  ['an exit code that no test explains', report(), 1, { passed: 3, failed: 1 }],
])('%s is a failure', (_, found, exitCode, count) => {
  expect(countTests(found, exitCode)).toMatchObject(count);
});

test('the last line sums all parts', () => {
  expect(
    finalLine(
      sum([
        { passed: 1, failed: 0 },
        { passed: 40, failed: 2 },
      ]),
    ),
  ).toBe('41 passed, 2 failed');
});
