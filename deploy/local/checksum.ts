import { StackError } from './find.ts';

/** Reads the format of `sha256sum`: digest, two spaces, file name. */
export function parseManifest(text: string): ReadonlyMap<string, string> {
  const entries = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line);
      if (!match) throw new StackError(`A checksum manifest has a line that is none: ${line}`);
      return [match[2] ?? '', match[1] ?? ''] as const;
    });
  return new Map(entries);
}

/** @throws StackError unless exactly the files of the manifest were seen, each with its digest. */
export function refuseUnexpected(
  what: string,
  expected: ReadonlyMap<string, string>,
  seen: ReadonlyMap<string, string>,
): void {
  const faults = [
    ...[...expected.keys()].filter((name) => !seen.has(name)).map((name) => `${name} is missing`),
    ...[...seen].flatMap(([name, digest]) => {
      const pinned = expected.get(name);
      if (pinned === undefined) return [`${name} was not expected`];
      return pinned === digest ? [] : [`${name} is ${digest}, expected ${pinned}`];
    }),
  ];
  if (faults.length === 0) return;
  throw new StackError(
    `${what}: what was downloaded is not what is pinned, so it is not used: ${faults.slice(0, 3).join('; ')}` +
      `${faults.length > 3 ? `; and ${faults.length - 3} more` : ''}. ` +
      'Check the mirror or proxy this machine downloads through, then try again.',
  );
}
