import { randomBytes } from 'node:crypto';
import { signIn } from '@lotwarden/platform/sign-in';
import { createCaller, type Caller } from './api.client.ts';
import { people, type Party, type Person } from './cast.ts';
import type { Narrator } from './narrator.ts';
import { startDistributor, type Distributor } from './outside/distributor.ts';
import { connectLims } from './outside/lims.ts';
import { connectMes } from './outside/mes.ts';
import { connectWms } from './outside/wms.ts';
import type { Installation } from './services.client.ts';

/** What somebody signs: a record as the service that owns it names it. */
export interface RecordToSign {
  readonly recordType: string;
  readonly recordId: string;
  readonly recordVersion: number;
  readonly recordHash: string;
}

/** Everybody who takes part in the story, and what they have learnt so far. */
export interface World {
  readonly gateway: string;
  readonly narrator: Narrator;
  readonly as: Readonly<Record<Person, Caller>>;
  readonly mes: Caller;
  readonly passwords: Readonly<Record<Person, string>>;
  readonly systems: Awaited<ReturnType<typeof connectSystems>>;
  readonly consignees: Readonly<Record<Party, Distributor>>;
  /** Signs as a person, with password, and gives the compact JWS. */
  readonly sign: (person: Person, record: RecordToSign, meaning: string, reason: string) => Promise<string>;
  /** Our own id of a lot of the story; throws for one that has not appeared yet. */
  readonly lot: (name: string) => string;
  readonly name: (lot: string) => string;
  readonly remember: (name: string, lot: string) => void;
  /** A moment relative to the beginning of the story: 20 days before it, at 08:30 UTC. */
  readonly moment: (daysAgo: number, time?: string) => string;
  readonly close: () => Promise<void>;
}

/** Callers for all, and the outside systems; accounts are opened in the first act. */
export async function createWorld(installation: Installation, narrator: Narrator): Promise<World> {
  const { gateway, secrets } = installation;
  const began = new Date();
  const lots = new Map<string, string>();
  const passwords = Object.fromEntries(
    ['administrator', ...Object.keys(people)].map((person) => [person, randomBytes(15).toString('base64url')]),
  ) as Record<Person, string>;
  const as = Object.fromEntries(
    Object.entries(passwords).map(([person, password]) => {
      const first = person === 'administrator' ? secrets.administrator : firstPassword(password);
      return [person, createCaller(gateway, personToken(gateway, person, { first, password }))];
    }),
  ) as Record<Person, Caller>;
  const mes = createCaller(gateway, systemToken(gateway, 'system-mes', secrets.clients['system-mes'] ?? ''));
  const systems = await connectSystems(installation);
  const consignees = {
    D1: await startDistributor('D1'),
    D2: await startDistributor('D2'),
    H1: await startDistributor('H1'),
    D3: await startDistributor('D3'),
  };

  return {
    gateway,
    narrator,
    as,
    mes,
    passwords,
    systems,
    consignees,
    sign: async (person, record, meaning, reason) => {
      const act = { account: person, password: passwords[person], ...record, meaning, reason };
      return (await as[person].post<{ signature: string }>('identity/signatures', act)).signature;
    },
    lot: (name) => {
      const id = lots.get(name);
      if (id === undefined) throw new Error(`the story has not come to lot ${name} yet`);
      return id;
    },
    name: (lot) => [...lots].find(([, id]) => id === lot)?.[0] ?? lot,
    remember: (name, lot) => {
      lots.set(name, lot);
      narrator.call(lot, name);
    },
    moment: (daysAgo, time = '08:00') => {
      const day = new Date(began.getTime() - daysAgo * 86_400_000).toISOString().slice(0, 10);
      return `${day}T${time}:00.000Z`;
    },
    close: async () => {
      await Promise.all(Object.values(consignees).map((consignee) => consignee.close()));
      await Promise.all(Object.values(systems).map((system) => system.close()));
    },
  };
}

async function connectSystems({ addresses, gateway, topicPrefix }: Installation) {
  const told = { kafka: addresses.kafka, schemaRegistry: `${gateway}/registry`, topicPrefix };
  const [mesSz1, mesSu2, lims, wmsSz1, wmsSu2] = await Promise.all([
    connectMes('MES-SZ1', 'SZ1', told),
    connectMes('MES-SU2', 'SU2', told),
    connectLims('LIMS-1', 'SZ1', told),
    connectWms('WMS-SZ1', 'SZ1', told),
    connectWms('WMS-SU2', 'SU2', told),
  ]);
  return { mesSz1, mesSu2, lims, wmsSz1, wmsSu2 };
}

/** The one-time password that the administrator gives a new account. */
export const firstPassword = (password: string): string => `once-${password}`;

/** Well before a person's token ends (900 s). */
const RENEW_MS = 600_000;

/** A person signs in when first needed, choosing a password of his or her own, and again before the token ends. */
function personToken(gateway: string, account: string, { first, password }: { first: string; password: string }) {
  const issuer = `${gateway}/openid`;
  let chosen = false;
  return renewed(async () => {
    const credentials = chosen ? { password } : { password: first, newPassword: password };
    const token = await signIn({ issuer, account, ...credentials });
    chosen = true;
    return token;
  });
}

function systemToken(gateway: string, clientId: string, secret: string) {
  return renewed(async () => {
    const answer = await fetch(`${gateway}/openid/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    if (!answer.ok) throw new Error(`no token for ${clientId}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { access_token: string }).access_token;
  });
}

function renewed(fetchToken: () => Promise<string>): () => Promise<string> {
  let current: { readonly token: Promise<string>; readonly since: number } | undefined;
  return async () => {
    if (current === undefined || Date.now() - current.since > RENEW_MS)
      current = { token: fetchToken(), since: Date.now() };
    const asked = current;
    try {
      return await asked.token;
    } catch (error) {
      if (current === asked) current = undefined;
      throw error;
    }
  };
}
