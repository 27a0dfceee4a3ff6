import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { house } from './tools/eslint-rules/house.ts';

const TESTS = ['**/*.test.ts', '**/*.test.tsx'];
const TEST_HELPERS = ['**/test/**/*.ts', 'platform/src/testing/**/*.ts', 'platform/src/testing.ts'];
const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];

/** Where a program begins, or is told what it should do. */
const EDGE = [
  'services/main.ts',
  'platform/src/telemetry.ts', // loaded by node --import, before anything else
  '**/config.ts',
  '*.config.{js,ts}',
  '**/*.config.{js,ts}',
  'deploy/**',
  'tools/**',
  'load-tests/**',
  'contracts/tools/**',
];

/** What this house agreed on beyond what the type checker and typescript-eslint know: tools/eslint-rules/house.ts. */
export const houseRules = defineConfig(
  {
    plugins: { house },
    rules: {
      'house/no-module-state': 'error',
      'house/disable-with-reason': 'error',
      'house/process-at-the-edge': 'error',
      'house/mongoose-by-connection': 'error',
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
      eqeqeq: 'error',
    },
  },
  // services/<name>/src/<aggregate>/<no role suffix>.ts
  { files: ['services/*/src/*/**/+([!.]).ts'], rules: { 'house/pure-files': 'error' } },
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

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '.lotwarden/',
    'coverage/',
    'contracts/generated/',
    'contracts/src/generated/',
    'load-tests/out/',
    'services/console/web/dist/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],

      // Numbers and booleans read well in messages; objects, null and never stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => log.info(…)` hides nothing.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // A handler or a port is async because its type says so, not because this one waits.
      '@typescript-eslint/require-await': 'off',
      // `for (;;)` and `while (true)` are how a loop with its exit inside reads.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // Typed look-ups (`get<T>(id): Promise<T>`) and builders need parameters used once.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `Promise<void> | void` is what a handler returns.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Objects of functions never use `this` here (no classes), so none is lost.
      '@typescript-eslint/unbound-method': 'off',
      // Says as much as the code: `===` on a boolean that may be undefined.
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'off',
      // Maps keyed by id are plain objects in documents; removing a key is part of it.
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
  {
    // Replies are JSON and are compared with what is expected: typing them first would only repeat the expectation.
    files: [...TESTS, ...TEST_HELPERS],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly', module: 'writable' } },
  },
  {
    files: ['load-tests/k6/**'],
    languageOptions: { globals: { __ENV: 'readonly', __VU: 'readonly', __ITER: 'readonly' } },
  },
  ...houseRules,
);
