import { fork } from 'node:child_process';
import pLimit from 'p-limit';
import type { PrintedDocument } from './document.ts';
import type { Options } from './draw-pdf.client.ts';
import type { Drawn, Print } from './printer-process.ts';

export type Printer = (document: PrintedDocument, options: Options) => Promise<Buffer>;

/** At once; a document of ten thousand lots takes seconds and half a gigabyte. */
const PROCESSES = 1;
/** Milliseconds for one; the request that asked is over by then. */
const PATIENCE = 60_000;
const HEAP = '--max-old-space-size=1024';

/**
 * Prints documents beside the work of a service: a freeze does not wait for somebody's report. A process for each, so that
 * its memory and whatever goes wrong with it are gone with it.
 */
export function createPrinter(): Printer {
  const next = pLimit(PROCESSES);
  return (document, options) => next(() => printed({ document, options }));
}

const printed = (print: Print): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    // Of its environment it needs nothing, and the secrets of a service are none of its business.
    const child = fork(new URL('./printer-process.ts', import.meta.url), {
      serialization: 'advanced',
      execArgv: [HEAP],
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      timeout: PATIENCE,
    });
    child.once('message', (drawn: Drawn) => {
      if ('bytes' in drawn) resolve(Buffer.from(drawn.bytes));
      else reject(new Error(`a document could not be drawn: ${drawn.error}`));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`a printing process ended with ${String(code ?? signal)} and no document`))); // prettier-ignore
    child.send(print);
  });
