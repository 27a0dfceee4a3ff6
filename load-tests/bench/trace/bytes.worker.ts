import { parentPort } from 'node:worker_threads';

/** Hands over as many bytes as it is asked for. */
parentPort?.on('message', (size: number) => {
  const bytes = new Uint8Array(size).fill(32);
  parentPort?.postMessage(bytes, [bytes.buffer]);
});
