import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { row, type Row } from '../result.ts';
import type { TraceServer } from './serve-trace.ts';

const MIB = 2 ** 20;
/** A piece of the floor's answer. */
const PIECE = Buffer.alloc(64 * 1024, 'x');
const NEWLINE = 10;

interface Streamed {
  readonly seconds: number;
  readonly bytes: number;
  readonly lines: number;
  /** How much larger the process became, at most, in bytes; its reader with it. */
  readonly grown: number;
}

/** All units of one trace as CSV: how fast, and how much memory it takes. Floor: as many bytes from a bare server of Node. */
export async function unitsAsCsv(
  { url, headers }: TraceServer,
  lot: string,
): Promise<{ rows: Row[]; violations: number }> {
  const body = JSON.stringify({ roots: [lot], first: 1 });
  const asked = await fetch(`${url}/traces`, { method: 'POST', headers, body });
  const { trace, totalUnits } = (await asked.json()) as { trace: string; totalUnits: number };
  const all = () => stream(`${url}/traces/${trace}/serials?format=csv`, { headers });
  // Memory of the first one, to which no other has given any; time of the second, for which machine code is ready.
  const { grown } = await all();
  const ours = { ...(await all()), grown };
  const bare = await bareServer(ours.bytes);
  try {
    await stream(bare.url, {});
    const floor = await stream(bare.url, {});
    const size = `${String(totalUnits)} units as CSV over HTTP`;
    const rate = ({ bytes, seconds }: Streamed): number => bytes / MIB / seconds;
    return {
      violations: ours.lines === totalUnits + 1 ? 0 : 1,
      rows: [
        row({ metric: size, unit: 'MiB/s', ours: rate(ours), floor: rate(floor), goal: { text: 'stated', holds: () => true } }), // prettier-ignore
        row({ metric: `${size} (${String(Math.round(ours.bytes / MIB))} MiB), growth of the process`, unit: 'MiB', ours: ours.grown / MIB, floor: floor.grown / MIB, goal: { text: '<= 64 MiB', holds: (one) => one.ours <= 64 } }), // prettier-ignore
      ],
    };
  } finally {
    bare.stop();
  }
}

async function stream(url: string, request: RequestInit): Promise<Streamed> {
  const before = process.memoryUsage.rss();
  const began = performance.now();
  const answer = await fetch(url, request);
  if (!answer.ok || !answer.body) throw new Error(`${url}: ${String(answer.status)}`);
  let [bytes, lines, most] = [0, 0, before];
  for await (const piece of answer.body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) lines++;
    most = Math.max(most, process.memoryUsage.rss());
  }
  return { seconds: (performance.now() - began) / 1000, bytes, lines, grown: most - before };
}

async function bareServer(size: number): Promise<{ url: string; stop: () => void }> {
  const server = createServer((_request, response) => {
    let left = size;
    const more = (): void => {
      while (left > 0) {
        const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
        left -= piece.length;
        if (!response.write(piece)) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
