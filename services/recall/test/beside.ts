import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import type { SignedRecord } from '@lotwarden/platform/signature';

interface Evaluation {
  sequence: number;
  totalLots: number;
}

/** Stands for identity's keys and for traceability; what it answers is set by the test. */
export interface Beside {
  readonly url: string;
  /** While true, traceability does not answer. */
  down: boolean;
  /** What an evaluation finds. */
  found: Evaluation;
  /** Unaccounted pieces per lot. */
  readonly missing: Map<string, string>;
  /** Paths asked, with their bodies. */
  readonly asked: { readonly path: string; readonly body: unknown }[];
  sign(record: SignedRecord, meaning: string, signer?: string): Promise<string>;
  close(): void;
}

export async function besides(): Promise<Beside> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' }] };
  const asked: Beside['asked'] = [];
  const missing = new Map<string, string>();

  const answer = (path: string, body: { lots?: string[] }): unknown => {
    if (path.endsWith('signing-keys')) return jwks;
    if (path.endsWith('/evaluate')) return { ...beside.found, complete: true, gaps: [], offsets: [OFFSET] };
    if (path.endsWith('/balances')) return { items: (body.lots ?? []).map((lot) => balanceOf(lot, missing.get(lot))) };
    return { sequence: 0 };
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const path = request.url ?? '';
      asked.push({ path, body });
      response.setHeader('content-type', 'application/json');
      if (beside.down && !path.endsWith('signing-keys')) response.writeHead(503).end('{"code":"graph-unavailable"}');
      else response.end(JSON.stringify(answer(path, body as { lots?: string[] })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const beside: Beside = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    down: false,
    found: { sequence: 0, totalLots: 0 },
    missing,
    asked,
    sign: (record, meaning, signer = 'rm.chen') => {
      const act = { signer, signerName: signer, roles: ['recall-manager'], meaning, reason: 'capacitor fails short' };
      const claims = { ...record, ...act, signedAt: new Date().toISOString() };
      return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
        .sign(privateKey);
    },
    close: () => void server.close(),
  };
  return beside;
}

const OFFSET = { topic: 'mes-bridge.operation.v1', partition: 0, next: 9 };

const balanceOf = (lot: string, unaccounted = '0') => ({
  lot,
  unit: 'EA',
  buckets: { unaccounted: { value: unaccounted, unit: 'EA' } },
  remainders: [],
  balanced: unaccounted === '0',
});

async function read(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : JSON.parse(text);
}
