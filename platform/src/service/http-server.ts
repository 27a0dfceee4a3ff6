import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Stop } from './stages.ts';

export interface Listening {
  /** `http://127.0.0.1:4001`; with a wildcard host, the loopback address. */
  readonly address: string;
  readonly stop: Stop;
}

interface ListenOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Milliseconds that requests under way may take when it stops; what is left then is cut off. */
  readonly stopTimeout: number;
  readonly onError: (error: Error) => void;
}

/** Longer than the gateway keeps idle connections, so that it never sends into one that is being closed. */
const KEEP_ALIVE_MS = 65_000;

/** Throws what `listen` says, `EADDRINUSE` above all. */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const { host, port, stopTimeout, onError } = options;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: 20_000 }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', onError);
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    address: `http://${reachable}:${String((server.address() as AddressInfo).port)}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), stopTimeout / 2);
      await closed;
      clearTimeout(cut);
    },
  };
}
