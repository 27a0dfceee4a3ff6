import { dirname } from 'node:path';

export interface Machine {
  /** Absolute path of this checkout. */
  checkout: string;
  home: string;
  /** Hosts this machine takes packages from. */
  registries: readonly string[];
}

const EVERYWHERE = [
  'registry.npmjs.org',
  'pypi.org',
  'files.pythonhosted.org',
  'proxy.golang.org',
  'repo1.maven.org',
  'repo.maven.apache.org',
];
/** Parents too common to say anything: a checkout in /tmp/x does not forbid /tmp. */
const COMMON = /^\/(app|home|mnt|opt|private|repo|root|src|srv|tmp|usr|var|workspace)?$/;

/** Texts that belong to one machine and nobody else's, as what to look for and what to call it. */
function foreign({ checkout, home, registries }: Machine): [RegExp, string][] {
  const paths = [checkout, dirname(checkout), home].filter((path) => path === home || !COMMON.test(path));
  const hosts = registries.filter((host) => !EVERYWHERE.includes(host));
  return [
    ...paths.map((path): [RegExp, string] => [
      new RegExp(`(?<![\\w.*-])${RegExp.escape(path)}/`),
      'a path of this machine',
    ]),
    ...hosts.map((host): [RegExp, string] => [new RegExp(RegExp.escape(host)), 'a package registry of this machine']),
    [/(?<![\w.-])\/(home|Users)\/(?!node\b|nonroot\b)[a-z][\w.-]*\//, 'a path of somebody’s machine'],
  ];
}

/** What one file's text must not say. */
export function textProblems(path: string, text: string, machine: Machine): string[] {
  const looked = foreign(machine);
  return text
    .split('\n')
    .flatMap((line, n) => [
      ...new Set(looked.filter(([what]) => what.test(line)).map(([, name]) => `${path}:${n + 1} names ${name}`)),
      ...(isCode(path) && /eslint-disable/.test(line) && !/eslint-disable-(next-)?line [\w@/, -]+ -- \S/.test(line)
        ? [`${path}:${n + 1} switches the linter off: one line, a rule by name, a reason (-- why)`]
        : []),
    ]);
}

const isCode = (path: string): boolean => /\.([cm]?js|tsx?)$/.test(path) && !path.startsWith('tools/check/');
