/** The part of package-lock.json that is looked at. */
export interface LockFile {
  packages: Record<string, { version?: string; resolved?: string; link?: boolean }>;
}

/**
 * One copy of each: with two MongoDB drivers a duplicate-key error of one is no `MongoServerError` of the other and
 * sessions are refused; with two of the telemetry packages spans are lost silently.
 */
const SINGLE = ['mongodb', 'import-in-the-middle', '@opentelemetry/api'];

/** What is wrong with the lock file, one sentence each. */
export function lockFileProblems({ packages }: LockFile): string[] {
  const copies = SINGLE.map((name) => [name, Object.keys(packages).filter((path) => isCopyOf(name, path))] as const);
  return [
    ...copies
      .filter(([, paths]) => paths.length !== 1)
      .map(([name, paths]) => `package-lock.json: ${paths.length} copies of ${name}: ${paths.join(', ') || 'none'}`),
    ...Object.entries(packages)
      .filter(([, { resolved }]) => resolved !== undefined && /^\w+:/.test(resolved))
      .map(([path]) => `package-lock.json: ${path} names the address it came from; npm is to ask its own registry`),
  ];
}

const isCopyOf = (name: string, path: string): boolean =>
  path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`);
