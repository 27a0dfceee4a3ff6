/**
 * Where each server comes from. Pure: what the machine has is asked elsewhere and handed in.
 * Order: an address in the environment, a program on this machine, one that can be installed, Docker Compose.
 * `STACK=local` looks at programs only, `STACK=compose` at Docker only.
 */
export type ServerName = 'kafka' | 'mongo' | 'redis';
export const serverNames = ['kafka', 'mongo', 'redis'] as const satisfies readonly ServerName[];

export const addressVariable = { kafka: 'KAFKA_BROKERS', mongo: 'MONGO_URL', redis: 'REDIS_URL' } as const;

/** A refusal whose text is all a person needs; it is printed without a stack trace. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a look at the machine found out about one server. */
export type Survey<P> =
  | { readonly kind: 'present'; readonly program: P; readonly where: string }
  | { readonly kind: 'installable' }
  | { readonly kind: 'missing'; readonly lacks: string; readonly remedy: string };

export type Source<P> =
  | { readonly kind: 'given'; readonly address: string }
  | { readonly kind: 'program'; readonly program: P; readonly where: string }
  | { readonly kind: 'install' };

export const composeMessage =
  'STACK=compose: the Docker Compose stack is not part of this checkout; it comes with the operations work. ' +
  'Unset STACK to use programs on this machine, or give KAFKA_BROKERS, MONGO_URL and REDIS_URL.';

/** @throws StackError when STACK has a value we cannot follow. */
export function forcedWay(env: Environment): 'local' | undefined {
  const value = env['STACK'] ?? '';
  if (value === '') return undefined;
  if (value === 'local') return 'local';
  if (value === 'compose') throw new StackError(composeMessage);
  throw new StackError(`STACK=${value} is not known; it may be "local" or "compose", or stay unset.`);
}

/** The address the environment gives for a server, unless STACK forces programs of this machine. */
export function givenAddress(server: ServerName, env: Environment): string | undefined {
  if (forcedWay(env) === 'local') return undefined;
  const address = env[addressVariable[server]]?.trim() ?? '';
  return address === '' ? undefined : address;
}

/** @throws StackError saying what is missing and how to get it. */
export async function chooseSource<P>(
  server: ServerName,
  env: Environment,
  survey: () => Promise<Survey<P>>,
): Promise<Source<P>> {
  const address = givenAddress(server, env);
  if (address !== undefined) return { kind: 'given', address };
  const found = await survey();
  switch (found.kind) {
    case 'present':
      return { kind: 'program', program: found.program, where: found.where };
    case 'installable':
      return { kind: 'install' };
    case 'missing':
      throw new StackError(missingMessage(server, found));
  }
}

export function missingMessage(server: ServerName, found: { lacks: string; remedy: string }): string {
  return `${server}: ${found.lacks}. ${found.remedy}, or give the address of a running one in ${addressVariable[server]}.`;
}
