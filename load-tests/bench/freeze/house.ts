import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Addresses } from '../addresses.ts';
import { GATES } from './gates.ts';

/** The five gates as they run in production, in one process of their own, and a token for it. */
export interface House {
  readonly url: (service: string) => string;
  readonly token: string;
  readonly topicPrefix: string;
  readonly databasePrefix: string;
  readonly stop: () => Promise<void>;
}

export async function startGates({ kafka, mongo, redis }: Addresses): Promise<House> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'EdDSA', use: 'sig' }] });
  const keys = createServer(
    (_request, response) => void response.setHeader('content-type', 'application/json').end(jwks),
  );
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${String((keys.address() as AddressInfo).port)}/openid`;
  const run = `bench-${String(Date.now())}`;
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', 'services/main.ts'], {
    cwd: new URL('../../../', import.meta.url),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      SERVICE: GATES.join(','),
      LOG_LEVEL: 'error',
      KAFKA_BROKERS: kafka,
      MONGO_URL: mongo,
      REDIS_URL: redis,
      TOPIC_PREFIX: `${run}.`,
      DATABASE_PREFIX: `${run}-`,
      OIDC_ISSUER: issuer,
      JWKS_URL: `${issuer}/jwks`,
    },
  });
  const addresses = await readyLine(child.stdout);
  const token = await new SignJWT({
    roles: ['administrator', 'shipping-lead', 'warehouse-operator'],
    kind: 'service',
    name: 'bench',
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'bench', typ: 'at+jwt' })
    .setSubject('bench')
    .setIssuer(issuer)
    .setAudience('lotwarden-api')
    .setIssuedAt()
    .setExpirationTime('2h')
    .sign(privateKey);
  return {
    url: (service) => addresses[service] ?? '',
    token,
    topicPrefix: `${run}.`,
    databasePrefix: `${run}-`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      keys.close();
    },
  };
}

function readyLine(output: NodeJS.ReadableStream): Promise<Readonly<Record<string, string>>> {
  return new Promise((resolve, reject) => {
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((candidate) => candidate.startsWith('{"ready"'));
      if (line !== undefined) resolve((JSON.parse(line) as { ready: Record<string, string> }).ready);
    });
    output.on('end', () => {
      reject(new Error('the gates ended before they were ready'));
    });
  });
}
