import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runNode, type ChildOptions } from './child.ts';
import { countTests, type JestReport, type Outcome } from './tally.ts';

export interface Gate {
  name: string;
  args: readonly string[];
  /** Its last line is worth seeing also when it passes. */
  tells?: true;
}

const MINUTE = 60_000;
/** The linter beside everything else on two processors; alone it takes a quarter of that. */
const GATE_LIMIT = 8 * MINUTE;
const bin = (path: string): string => join('node_modules', path);
const CODE = '{contracts,platform,services,deploy,load-tests,tools,test}/**/*.{ts,tsx,js}';

export const typeCheck: Gate = { name: 'types', args: [bin('@typescript/native/bin/tsc'), '-p', 'tsconfig.json'] };

/** The slow one; its cache is trusted on a developer's machine only. */
export const linter = (cached: boolean): Gate => ({
  name: 'lint',
  args: [
    bin('eslint/bin/eslint.js'),
    ...['--max-warnings', '0'],
    ...(cached ? ['--cache', '--cache-location', bin('.cache/eslint/')] : []),
    '.',
  ],
});

/** Seconds each. */
export const quickGates: readonly Gate[] = [
  {
    name: 'walls',
    args: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', CODE],
  },
  { name: 'dead code', args: [bin('knip/bin/knip.js'), '--no-config-hints'] },
  { name: 'format', args: [bin('prettier/bin/prettier.cjs'), '--check', '--cache', '--log-level', 'warn', '.'] },
  { name: 'contracts', args: ['contracts/tools/build.ts', '--check'] },
  { name: 'tree', args: ['tools/check-tree.ts'] },
  { name: 'matrix', args: ['tools/matrix.ts'], tells: true },
];

/** A gate that passes counts as one that passed, like a test. */
export async function runGate({ args, tells }: Gate, signal: AbortSignal): Promise<Outcome> {
  const { exitCode, output } = await runNode(args, { timeLimit: GATE_LIMIT, signal });
  if (exitCode === 0 && tells) console.log(output.trim().split('\n').at(-1));
  if (exitCode === 0) return { passed: 1, failed: 0, reasons: [] };
  return { passed: 0, failed: 1, reasons: output.trim().split('\n') };
}

export interface TestPart {
  name: 'unit' | 'int' | 'e2e';
  args: readonly string[];
  timeLimit: number;
  /** Its output comes as it runs; otherwise only when it fails. */
  show: boolean;
}

export const unitTests: TestPart = { name: 'unit', args: ['--maxWorkers=2'], timeLimit: 4 * MINUTE, show: false };
/** Each file has a database, a topic prefix and groups of its own, so that two may run at once. */
export const integrationTests: TestPart = { name: 'int', args: ['--maxWorkers=2'], timeLimit: 6 * MINUTE, show: true };
/** Each starts whole systems: one after the other. */
export const endToEndTests: TestPart = { name: 'e2e', args: ['--runInBand'], timeLimit: 8 * MINUTE, show: true };

/**
 * kafkajs counts "not throttled" as an end of throttling at -1 ms since 1970 and sets a timer for what is left of that at
 * each request; Node takes it for 1 ms, which does no harm, and warns. The script `jest` of package.json says the same.
 */
export const nodeOptions =
  '--experimental-vm-modules --disable-warning=ExperimentalWarning --disable-warning=TimeoutNegativeWarning';

/** @param folder for the report */
export async function runTests(
  { name, args, timeLimit, show }: TestPart,
  folder: string,
  options: Pick<ChildOptions, 'env' | 'signal'>,
): Promise<Outcome> {
  const reportFile = join(folder, `${name}.json`);
  const { exitCode, output } = await runNode(
    [
      bin('jest/bin/jest.js'),
      '--ci',
      '--passWithNoTests',
      '--selectProjects',
      name,
      '--json',
      '--outputFile',
      reportFile,
      ...args,
    ],
    {
      timeLimit,
      show,
      signal: options.signal,
      env: { ...options.env, NODE_OPTIONS: nodeOptions },
    },
  );
  const outcome = countTests(await readReport(reportFile), exitCode);
  await rm(reportFile, { force: true });
  return outcome.failed > 0
    ? { ...outcome, reasons: [...(output ? [output.trim()] : []), ...outcome.reasons] }
    : outcome;
}

async function readReport(path: string): Promise<JestReport | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JestReport;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // it died before it wrote one
    throw error;
  }
}
