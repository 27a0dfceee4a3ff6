/**
 * One configuration, three kinds of tests told apart by the file name:
 *   *.test.ts       pure, no server
 *   *.int.test.ts   real MongoDB, Kafka and Redis (addresses: KAFKA_BROKERS, MONGO_URL, REDIS_URL)
 *   *.e2e.test.ts   the real wiring, whole processes
 */
const swc = ({ tsx }) => [
  '@swc/jest',
  { jsc: { target: 'es2023', parser: { syntax: 'typescript', tsx } }, module: { type: 'es6' } },
];

const elsewhere = ['/node_modules/', '/\\.lotwarden/', '/load-tests/out/'];

const common = {
  injectGlobals: false,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.ts$': swc({ tsx: false }), '\\.tsx$': swc({ tsx: true }) },
  modulePathIgnorePatterns: elsewhere.slice(1),
};

export default {
  coverageProvider: 'babel', // v8 costs eight times as much
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.{ts,tsx}'],
      testPathIgnorePatterns: [...elsewhere, '\\.(int|e2e)\\.test\\.ts$'],
    },
    {
      ...common,
      displayName: 'int',
      testMatch: ['**/*.int.test.ts'],
      testPathIgnorePatterns: elsewhere,
      setupFilesAfterEnv: ['<rootDir>/tools/jest/int.setup.ts'],
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['**/*.e2e.test.ts'],
      testPathIgnorePatterns: elsewhere,
      setupFilesAfterEnv: ['<rootDir>/tools/jest/e2e.setup.ts'],
    },
  ],
};
