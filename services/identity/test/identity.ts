import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { runService, type Running } from '@lotwarden/platform/run-service';
import { signIn } from '@lotwarden/platform/sign-in';
import { testEnvironment } from '@lotwarden/platform/testing/service';
import identity from '../src/service.ts';

export const ADMINISTRATOR = 'administrator';
const FIRST_PASSWORD = 'first-start-once-only';
export const PASSWORD = 'a sentence that nobody guesses';

export interface Reply {
  readonly status: number;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- compared with what is expected
}

export interface Identity extends Running {
  readonly issuer: string;
  readonly administrator: string;
  readonly databasePrefix: string;
  ask(method: string, path: string, token?: string, body?: object): Promise<Reply>;
  /** A person with a password of the person's own choice. */
  person(account: string, roles: readonly string[]): Promise<{ readonly token: string }>;
  end(): Promise<void>;
}

/** Identity on real servers with its real keys; its issuer is where it listens, by that name. */
export async function startIdentity(settings: Record<string, string> = {}, host = '127.0.0.1'): Promise<Identity> {
  const port = await freePort();
  const issuer = `http://${host}:${port}/openid`;
  const world = testEnvironment({
    IDENTITY_PORT: String(port),
    OIDC_ISSUER: issuer,
    IDENTITY_ADMINISTRATOR_PASSWORD: FIRST_PASSWORD,
    ...settings,
  });
  const running = await runService(identity, world.environment, { checkReplies: true });
  await running.ready();

  async function ask(method: string, path: string, token?: string, body?: object): Promise<Reply> {
    const reply = await fetch(`${running.address}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: await reply.json() };
  }

  const administrator = await signIn({
    issuer,
    account: ADMINISTRATOR,
    password: FIRST_PASSWORD,
    newPassword: PASSWORD,
  });

  return {
    ...running,
    issuer,
    administrator,
    databasePrefix: world.databasePrefix,
    ask,
    async person(account, roles) {
      const password = 'given by the administrator';
      const opened = await ask('POST', '/accounts', administrator, {
        account,
        name: `Name of ${account}`,
        roles,
        password,
      });
      if (opened.status !== 201) throw new Error(JSON.stringify(opened.body));
      return { token: await signIn({ issuer, account, password, newPassword: PASSWORD }) };
    },
    async end() {
      await running.stop();
      await world.drop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
