import { setPriority } from 'node:os';
import { forgedCursors, type Hostile } from './queries.ts';

/**
 * Who asks, in a process of its own: it is no part of who answers, neither in time nor in memory. One asks normal
 * questions, another the hostile ones; each does what it is told and says what came of it.
 */
export interface Server {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Order =
  /** So many random roots one after the other, or until it is told to stop. */
  | { readonly kind: 'normal'; readonly lots: readonly string[]; readonly many: number }
  /** So many hostile questions at once. */
  | { readonly kind: 'hostile'; readonly queries: readonly Hostile[]; readonly atOnce: number }
  | { readonly kind: 'stop' };

export interface Done {
  /** Milliseconds of each normal question. A refusal is asked again, and its time counts. */
  readonly took: readonly number[];
  /** Answers that are none of ours: a 500, a broken connection. */
  readonly unfair: number;
  /** Answers that there is too much to do. */
  readonly refused: number;
}

const LISTS = ['lots', 'custodians', 'operations', 'stopped', 'cycles', 'stock', 'users'] as const;
/** What may be answered: an answer, a refusal with a reason, or that there is too much to do. */
const FAIR: ReadonlySet<number> = new Set([200, 400, 404, 409, 413, 422, 429, 503]);
const MOST_PAGES = 50;

/**
 * As `fetch`; asked again where the server had closed a connection that nobody used for a while, as any client does: it had
 * not heard the question.
 */
async function call(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (!(error instanceof Error && isClosed(error.cause))) throw error;
    return fetch(url, request);
  }
}

const isClosed = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'UND_ERR_SOCKET';

async function askNormal({ url, headers }: Server, lot: string): Promise<number> {
  const began = performance.now();
  const body = JSON.stringify({ roots: [lot] });
  for (let status = 503; status === 503;) {
    const reply = await call(`${url}/traces`, { method: 'POST', headers, body });
    await reply.arrayBuffer();
    ({ status } = reply);
  }
  return performance.now() - began;
}

type Count = (status: number) => void;

async function askHostile(server: Server, { body, then }: Hostile, count: Count): Promise<void> {
  const { url, headers } = server;
  const leaving = then === 'leave' ? AbortSignal.timeout(5) : undefined;
  try {
    const reply = await call(`${url}/traces`, { method: 'POST', headers, body: JSON.stringify(body), ...(leaving ? { signal: leaving } : {}) }); // prettier-ignore
    count(reply.status);
    const text = await reply.text();
    if (reply.status !== 200) return;
    const trace = textOf(text, 'trace');
    if (then === 'pages') for (const list of LISTS) await readAll(server, `/traces/${trace}/${list}`, count);
    if (then === 'forged')
      for (const cursor of forgedCursors)
        for (const list of LISTS) {
          const refused = await call(`${url}/traces/${trace}/${list}?cursor=${encodeURIComponent(cursor)}`, { headers }); // prettier-ignore
          count(refused.status);
          await refused.arrayBuffer();
        }
  } catch (error) {
    if (!leaving?.aborted) throw error;
  }
}

/** All pages, the largest there are; but no more than fifty of one list. */
async function readAll({ url, headers }: Server, path: string, count: Count): Promise<void> {
  const limit = /(stock|users)$/.test(path) ? '' : 'limit=500&';
  let cursor = '';
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const reply = await call(`${url}${path}?${limit}${cursor}`, { headers });
    count(reply.status);
    const text = await reply.text();
    const next = reply.status === 200 ? textOf(text, 'next') : '';
    if (next === '') return;
    cursor = `cursor=${encodeURIComponent(next)}`;
  }
}

/** The last text of this name; '' if there is none. Parsing megabytes would cost the server its processor. */
const textOf = (json: string, name: string): string => {
  const at = json.lastIndexOf(`"${name}":"`);
  const from = at + name.length + 4;
  return at < 0 ? '' : json.slice(from, json.indexOf('"', from));
};

function serve(server: Server): void {
  let asked = 0;
  let round = new AbortController();
  const say = (done: Done): void => void process.send?.(done);

  const normal = async ({ lots, many }: Extract<Order, { kind: 'normal' }>): Promise<void> => {
    round = new AbortController();
    const { signal } = round;
    const took: number[] = [];
    while (!signal.aborted && took.length < many) took.push(await askNormal(server, lots[asked++ % lots.length] ?? ''));
    say({ took, unfair: 0, refused: 0 });
  };

  const hostile = async ({ queries, atOnce }: Extract<Order, { kind: 'hostile' }>): Promise<void> => {
    let [unfair, refused] = [0, 0];
    const count = (status: number): void => {
      if (!FAIR.has(status)) unfair += 1;
      if (status === 503) refused += 1;
    };
    const open = [...queries];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = open.shift(); next; next = open.shift()) await askHostile(server, next, count);
      }),
    );
    say({ took: [], unfair, refused });
  };

  process.on('message', (order: Order) => {
    if (order.kind === 'stop') round.abort();
    // One that breaks ends the process, and with it the bench: it must not be taken for a quick one.
    else void (order.kind === 'normal' ? normal(order) : hostile(order));
  });
}

const [told, role] = process.argv.slice(2);
if (told !== undefined && process.send) {
  // Its own work, of which there is a lot, must not take the processor from who answers.
  if (role === 'hostile') setPriority(10);
  serve(JSON.parse(told) as Server);
}
