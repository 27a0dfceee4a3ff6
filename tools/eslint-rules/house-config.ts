import { defineConfig } from 'eslint/config';
import { house } from './house.ts';

export const TESTS = ['**/*.test.ts', '**/*.test.tsx'];
export const TEST_HELPERS = ['**/test/**/*.ts', 'platform/src/testing/**/*.ts', 'platform/src/testing.ts'];

/** Where a program begins, or is told what it should do. */
const EDGE = [
  'services/main.ts',
  'platform/src/telemetry.ts', // loaded by node --import, before anything else
  'platform/src/document/printer-process.ts', // a program of its own, for one document
  '**/config.ts',
  '*.config.{js,ts}',
  '**/*.config.{js,ts}',
  'deploy/**',
  'tools/**',
  'load-tests/**',
  'contracts/tools/**',
];

/** What this house agreed on beyond what the type checker and typescript-eslint know: house.ts. */
export const houseRules = defineConfig(
  {
    plugins: { house },
    rules: {
      'house/no-module-state': 'error',
      'house/process-at-the-edge': 'error',
      'house/no-idempotent-producer': 'error',
      'house/no-swallowed-errors': 'error',
      'house/no-classes': 'error',
      'house/named-exports': 'error',
      'house/no-barrels': 'error',
      'house/no-module-mocks': 'error',
      'house/no-focused-or-skipped': 'error',
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      eqeqeq: ['error', 'always', { null: 'ignore' }], // == null means null or undefined
    },
  },
  // services/<name>/src/<aggregate>/<no role suffix>.ts
  { files: ['services/*/src/*/**/+([!.]).ts'], rules: { 'house/pure-files': 'error' } },
  {
    files: ['services/*/src/**/*.routes.ts', 'platform/src/http/schemas.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[callee.property.name=/^(refine|regex)$/] > Literal:nth-child(2), CallExpression[callee.property.name=/^(refine|regex|addIssue)$/] > ObjectExpression > Property[key.name='message'] > Literal.value",
          message: 'Say it in both languages: words(en, zh).',
        },
      ],
    },
  },
  { files: EDGE, rules: { 'house/process-at-the-edge': 'off', 'no-console': 'off' } },
  {
    files: [...TESTS, ...TEST_HELPERS],
    rules: { 'house/no-module-state': 'off', 'house/process-at-the-edge': 'off', 'house/pure-files': 'off' },
  },
  { files: TESTS, rules: { 'house/no-sleep-in-tests': 'error' } },
  {
    // the service's inventory, tools that ask for it, and k6 scripts
    files: ['services/*/src/service.ts', '*.config.{js,ts}', '**/*.config.{js,ts}', 'load-tests/k6/**'],
    rules: { 'house/named-exports': 'off' },
  },
);
