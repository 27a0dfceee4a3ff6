import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { readSnapshot } from '@lotwarden/traceability/snapshot';

/** Seconds until a thread that knows nothing is ready, as at the start of a replica, and until it has the bare bytes. */
export interface Ready {
  readonly ready: number;
  readonly floor: number;
}

const PIECE = 1 << 20;

/** The floor: the same bytes from disk into memory. */
function readBare(path: string): number {
  const pieces: Uint8Array[] = [];
  const file = openSync(path, 'r');
  for (let left = statSync(path).size; left > 0;) {
    const piece = new Uint8Array(Math.min(PIECE, left));
    left -= readSync(file, piece, 0, piece.length, null);
    pieces.push(piece);
  }
  closeSync(file);
  return pieces.length;
}

function seconds(work: () => unknown): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

const folder = workerData as string;
const [name = ''] = readdirSync(folder);
const floor = seconds(() => readBare(join(folder, name, 'data')));
const ready = seconds(() =>
  readSnapshot(folder, (reason) => {
    throw new Error(reason);
  }),
);
parentPort?.postMessage({ ready, floor } satisfies Ready);
