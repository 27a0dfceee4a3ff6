/**
 * One configuration, three kinds of tests told apart by the file name:
 *   *.test.ts       pure, no server
 *   *.int.test.ts   real MongoDB, Kafka, Redis (addresses: KAFKA_BROKERS, MONGO_URL, REDIS_URL or .lotwarden/stack.json)
 *   *.e2e.test.ts   the real wiring, whole processes
 */
const swc = ({ tsx }) => [
  '@swc/jest',
  { jsc: { target: 'es2023', parser: { syntax: 'typescript', tsx } }, module: { type: 'es6' } },
];
const common = {
  injectGlobals: false,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.ts$': swc({ tsx: false }), '\\.tsx$': swc({ tsx: true }) },
  modulePathIgnorePatterns: ['<rootDir>/.lotwarden/', '<rootDir>/load-tests/out/'],
};
const never = ['/node_modules/', '/\\.lotwarden/'];

export default {
  coverageProvider: 'babel', // v8 costs eight times as much
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: [...never, '\\.(int|e2e)\\.test\\.ts$'],
    },
    { ...common, displayName: 'int', testMatch: ['**/*.int.test.ts'], testTimeout: 30_000, testPathIgnorePatterns: never },
    { ...common, displayName: 'e2e', testMatch: ['**/*.e2e.test.ts'], testTimeout: 120_000, testPathIgnorePatterns: never },
  ],
};
