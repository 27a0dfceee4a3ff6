import { parentPort, workerData } from 'node:worker_threads';

export interface Asking {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What answers `/<n>` with n bytes. */
  readonly bareUrl: string;
  /** Roots, one a question. */
  readonly lots: readonly string[];
}

/** Milliseconds to the last byte of the first answer, and of all that name every lot. */
export interface Times {
  readonly first: number[];
  readonly all: number[];
}

export interface Asked {
  readonly ours: Times;
  readonly bare: Times;
  /** How many lots each answer names; -1 where that is not what its summary says. */
  readonly reached: readonly number[];
}

/** Lots of one answer, and of one page. */
const MOST = 500;

async function ask({ url, headers }: Asking, root: string, { first, all }: Times) {
  const began = performance.now();
  const body = JSON.stringify({ roots: [root], first: MOST });
  const answer = await bytesOf(`${url}/traces`, { method: 'POST', headers, body });
  let spent = performance.now() - began;
  first.push(spent);
  const { trace, totalLots, lots } = JSON.parse(answer.toString()) as { trace: string; totalLots: number; lots: Page };
  const bytes = [answer.length];
  let named = lots.items.length;
  for (let { next } = lots; next !== null;) {
    const asked = performance.now();
    const page = await bytesOf(`${url}/traces/${trace}/lots?limit=${String(MOST)}&cursor=${next}`, { headers });
    spent += performance.now() - asked;
    bytes.push(page.length);
    const { items, next: further } = JSON.parse(page.toString()) as Page;
    named += items.length;
    next = further;
  }
  all.push(spent);
  return { named, totalLots, bytes };
}

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

async function askBare(url: string, sizes: readonly number[], { first, all }: Times): Promise<void> {
  const began = performance.now();
  for (const [at, size] of sizes.entries()) {
    await bytesOf(`${url}/${String(size)}`, {});
    if (at === 0) first.push(performance.now() - began);
  }
  all.push(performance.now() - began);
}

const bytesOf = async (url: string, request: RequestInit): Promise<Buffer> =>
  Buffer.from(await (await fetch(url, request)).arrayBuffer());

async function askAll(asking: Asking): Promise<Asked> {
  const asked = { ours: { first: [], all: [] }, bare: { first: [], all: [] }, reached: [] as number[] };
  for (const lot of asking.lots) {
    const { named, totalLots, bytes } = await ask(asking, lot, asked.ours);
    asked.reached.push(named === totalLots ? named : -1);
    await askBare(asking.bareUrl, bytes, asked.bare);
  }
  return asked;
}

if (parentPort) parentPort.postMessage(await askAll(workerData as Asking));
