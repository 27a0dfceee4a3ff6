import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { houseRules, TEST_HELPERS, TESTS } from './tools/eslint-rules/house-config.ts';

const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];

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
      // Saying what a parameter is where it happens to be the default explains the call.
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      // A plain object is how mongodb takes options; it names classes in their types.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Our codes and ids are ASCII: one character is one code point.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
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
