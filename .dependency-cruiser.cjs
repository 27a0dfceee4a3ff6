/** The platform's pure part: what a file without a role suffix may lean on. Paths below platform/src. */
const PLATFORM_PURE = [
  'errors',
  'ids',
  'quantity',
  'serial-range',
  'lot-ref',
  'signature/renewal',
  'signature/separate-people',
  'instant',
  'signature/signed-record',
  'gate/hold-digest',
  'permissions/roles',
  'document/document',
];
/** The contracts that do work (bytes, look-ups): the rest are types and tables. */
const CONTRACTS_AT_WORK = ['codec', 'registry'];

const TEST = '(^|/)test/|\\.test\\.tsx?$';
const TESTING = '^platform/src/testing(/|\\.ts$)';
/** No dot before the ending = no role suffix. A service's inventory and configuration are no domain files. */
const PURE_FILE = '^services/[a-z-]+/src/[^.]+/[^./]+\\.ts$';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule(
      'service-knows-no-service',
      'Services share topics and nothing else; only services/main.ts puts them together.',
      { path: '^services/([a-z][a-z-]*)/' },
      { path: '^services/[a-z]', pathNot: '^services/$1/' },
    ),
    rule(
      'service-stands-on-platform-and-contracts',
      'What deploys, loads or checks a service is not part of it.',
      { path: '^services/', pathNot: TEST },
      { path: '^(deploy|load-tests|tools|test)/' },
    ),
    rule(
      'only-main-knows-the-services',
      'A service is reached through its topics and its HTTP; its code only through services/main.ts.',
      { path: '^(deploy|load-tests)/', pathNot: [TEST, '^load-tests/(trace-check|bench)/'] },
      { path: '^services/[a-z-]+/' },
    ),
    rule(
      'measured-and-checked-as-it-is',
      'The graph is compared with a slow answer in process: its pure part, and nothing else.',
      { path: '^load-tests/trace-check/' },
      { path: '^services/', pathNot: '^services/traceability/src/(genealogy|trace|balance|snapshot)/[^.]+\\.ts$' },
    ),
    rule(
      'only-the-graph-is-measured-in-process',
      'Of all services only the graph is measured without its process around it: beside other stores, and in its thread.',
      { path: '^load-tests/bench/' },
      { path: '^services/', pathNot: '^services/traceability/src/' },
    ),
    rule(
      'the-slow-answer-stands-alone',
      'An answer that shares code with what it checks shares its errors.',
      { path: '^load-tests/trace-check/true-' },
      { path: '^(services|platform)/' },
    ),
    rule(
      'contracts-know-nobody',
      'Contracts outlive every service and every platform.',
      { path: '^contracts/' },
      { path: '^(platform|services|deploy|load-tests|tools|test)/' },
    ),
    rule(
      'platform-knows-no-service',
      'The platform is what every service stands on.',
      { path: '^platform/' },
      { path: '^(services|deploy|load-tests|tools|test)/' },
    ),
    rule(
      'pure-imports-pure',
      'A file without a role suffix: no I/O, clock or random, nor anybody who brings them in.',
      { path: PURE_FILE },
      {
        pathNot: [
          PURE_FILE,
          '^services/[a-z-]+/src/messages\\.ts$',
          `^platform/src/(${PLATFORM_PURE.join('|')})\\.ts$`,
          `^contracts/src/(?!(${CONTRACTS_AT_WORK.join('|')})[./])`,
          'node_modules/big\\.js/', // exact decimals
          '^(node:)?crypto$', // hashes only: house/pure-files
          '^@lotwarden/', // not found: rule resolves says so
        ],
      },
    ),
    rule('nobody-imports-a-test', 'What tests share lies in test/.', {}, { path: '\\.test\\.tsx?$' }),
    rule(
      'production-imports-no-test-code',
      'Fakes and helpers of tests stay with the tests.',
      { pathNot: [TEST, TESTING, '^tools/'] },
      { path: '(^|/)test/', pathNot: 'node_modules/' },
    ),
    rule(
      'production-imports-no-platform-testing',
      'Throwaway keys and fakes have no place in what runs at a customer.',
      { pathNot: [TEST, TESTING, '^(tools|load-tests)/'] },
      { path: TESTING },
    ),
    rule(
      'production-imports-no-dev-dependency',
      'The image is installed without devDependencies.',
      { path: '^(contracts|platform|services|deploy/local)/', pathNot: [TEST, TESTING, '^services/console/web/'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    ),
    rule(
      'outside-systems-know-contracts-only',
      'They stand for machines we do not own: what they can do, a customer can do.',
      { path: '^(deploy/story/outside|load-tests/generator)/', pathNot: TEST },
      {
        path: '^(contracts/(?!src/)|platform|services|tools|test|deploy/(?!story/outside/)|load-tests/(?!generator/))',
      },
    ),
    rule(
      'kafka-behind-its-port',
      'The client can be replaced because one adapter knows it.',
      { path: '^(platform|services)/', pathNot: [TEST, TESTING, '^platform/src/[^.]*kafka-kafkajs'] },
      { path: 'node_modules/kafkajs/' },
    ),
    rule(
      'queues-behind-their-port',
      'Services ask the platform for jobs.',
      { path: '^services/', pathNot: TEST },
      { path: 'node_modules/(bullmq|ioredis)/' },
    ),
    rule('no-cycles', 'Two files that need each other are one file, or three.', {}, { circular: true }),
    ...['contracts', 'platform', 'deploy', 'load-tests', 'tools'].map((workspace) =>
      rule(
        `no-way-round-the-exports-of-${workspace}`,
        'A workspace is entered through its exports, by its name.',
        { pathNot: `^${workspace}/` },
        { path: `^${workspace}/`, dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
      ),
    ),
    rule('resolves', 'Imports what is not there, or what a package does not export.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^\\.lotwarden/', '(^|/)load-tests/(k6|out)/', '/web/dist/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
    skipAnalysisNotInRules: true,
  },
};
