/** What to put back to work; undefined = whatever there is. */
export interface Wish {
  readonly service: string | undefined;
  readonly key: string | undefined;
  readonly topic: string | undefined;
  readonly group: string | undefined;
  /** Without a key: every parked key of what is named. */
  readonly all: boolean;
}

export const USAGE = `make redrive SERVICE=<service>                 what is parked there
make redrive SERVICE=<service> KEY=<key>       one key, in its order (also TOPIC=…, GROUP=…)
make redrive SERVICE=<service> ALL=1           every parked key of a service
make redrive ALL=1                             every parked key of all services
Addresses and an administrator are read from .lotwarden/run.json, else from GATEWAY, ACCOUNT and PASSWORD.`;

/** From `NAME=value` words, the last ones winning over the environment. Throws an Error with the usage. */
export function wishOf(environment: Readonly<Record<string, string | undefined>>, words: readonly string[]): Wish {
  const given: Record<string, string | undefined> = { ...environment };
  for (const word of words) {
    const [, name, value] = /^(SERVICE|KEY|TOPIC|GROUP|ALL)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) throw new Error(`"${word}" is not understood.\n${USAGE}`);
    given[name] = value;
  }
  const named = (name: string): string | undefined => (given[name] === '' ? undefined : given[name]);
  const all = named('ALL') !== undefined && named('ALL') !== '0';
  const wish = { service: named('SERVICE'), key: named('KEY'), topic: named('TOPIC'), group: named('GROUP'), all };
  if (wish.service === undefined && !all) throw new Error(`Which service?\n${USAGE}`);
  if (wish.service === undefined && wish.key !== undefined)
    throw new Error(`A key is parked at one service.\n${USAGE}`);
  return wish;
}
