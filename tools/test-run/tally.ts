export interface Count {
  passed: number;
  failed: number;
}

/** The part of Jest's JSON report that is counted. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that did not load: none of their tests was even found. */
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; message: string; assertionResults: { fullName: string; status: string }[] }[];
}

export interface Outcome extends Count {
  /** Why, one line each; empty when all passed. */
  reasons: string[];
}

/**
 * What a run of Jest counts for. A test that was skipped counts as failed (every test runs, or it goes), so does a run
 * that found no test, left no report, or failed for a reason that none of its tests tells.
 */
export function countTests(report: JestReport | undefined, exitCode: number | null): Outcome {
  if (report === undefined) return { passed: 0, failed: 1, reasons: ['it ended without a report'] };
  const skipped = report.numPendingTests + report.numTodoTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites + skipped;
  const reasons = [
    ...report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status !== 'passed')
        .map(({ fullName, status }) => `${status}: ${fullName} (${name})`),
    ),
    ...report.testResults
      .filter(({ assertionResults, message }) => assertionResults.length === 0 && message !== '')
      .map(({ name }) => `did not load: ${name}`),
  ];
  if (failed > 0) return { passed: report.numPassedTests, failed, reasons };
  if (report.numPassedTests === 0) return { passed: 0, failed: 1, reasons: ['it found no test'] };
  if (exitCode !== 0) {
    return { passed: report.numPassedTests, failed: 1, reasons: [`Jest did not end well (exit code ${exitCode})`] };
  }
  return { passed: report.numPassedTests, failed: 0, reasons };
}

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/** The last line of every run; whoever runs it may read it. */
export const finalLine = ({ passed, failed }: Count): string => `${passed} passed, ${failed} failed`;
