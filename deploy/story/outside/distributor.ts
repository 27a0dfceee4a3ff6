import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Serials } from './mes.ts';

/** A recall notice as a distributor reads it from the public documentation. */
export interface Notice {
  readonly type: 'recall.notice';
  readonly notice: string;
  readonly version: number;
  readonly case: string;
  readonly recallClass: string;
  readonly title: string;
  readonly instructions: string;
  readonly instructionsZh: string;
  readonly lines: readonly {
    readonly lot: string;
    readonly quantity: { readonly value: string; readonly unit: string };
    readonly serials: readonly Serials[];
  }[];
  readonly answerUrl: string;
}

export interface AnswerLine {
  readonly lot: string;
  readonly onHand: string;
  readonly used: string;
  readonly returned: string;
  readonly passedOn: string;
  readonly destroyed: string;
  readonly unit: string;
  readonly serials: readonly Serials[];
}

export interface Distributor {
  readonly url: string;
  /** Every notice that came with a good signature, in order. */
  readonly notices: readonly Notice[];
  /** Requests refused: bad signature, or while the endpoint was down. */
  readonly refused: readonly number[];
  trust(secret: string): void;
  goDown(): void;
  comeBack(): void;
  /** Answers a notice with a signed call, as its own developers would: a public library and `fetch`. */
  answer(notice: Notice, endpoint: string, respondent: string, lines: readonly AnswerLine[]): Promise<Response>;
  close(): Promise<void>;
}

/** A distributor's or hospital's small web server: verifies who calls, remembers, and answers when it likes. */
export async function startDistributor(name: string): Promise<Distributor> {
  const notices: Notice[] = [];
  const refused: number[] = [];
  let webhook: Webhook | undefined;
  let down = false;

  const server: Server = createServer((request, response) => {
    void receive(request, response);
  });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number) => {
      if (status !== 204) refused.push(status);
      response.writeHead(status).end();
    };
    const body = await textOf(request);
    if (down || webhook === undefined) {
      reply(503);
      return;
    }
    try {
      notices.push(webhook.verify(body, request.headers as Record<string, string>) as Notice);
      reply(204);
    } catch {
      // The library's only error here: the signature, its age or its form. The caller learns no more than that.
      reply(401);
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${String(port)}/recalls`,
    notices,
    refused,
    trust: (secret) => {
      webhook = new Webhook(secret);
    },
    goDown: () => {
      down = true;
    },
    comeBack: () => {
      down = false;
    },
    answer: async ({ notice, version, answerUrl }, endpoint, respondent, lines) => {
      if (webhook === undefined) throw new Error(`${name} has no secret to sign with`);
      const body = JSON.stringify({ notice, version, respondent, lines });
      const id = `${name}-${notice}-${String(version)}-${String(Date.now())}`;
      const now = new Date();
      return fetch(answerUrl, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-endpoint': endpoint,
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': webhook.sign(id, now, body),
        },
      });
    },
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => {
          if (error) reject(error);
          else resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
