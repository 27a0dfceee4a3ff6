import { createServer, type Server } from 'node:net';
import { StackError } from './find.ts';

/**
 * Below the range the kernel takes for outgoing connections: a client that keeps knocking at a stopped server's port
 * would otherwise now and then connect to itself and keep the server from coming back.
 */
const LOWEST = 15_000;
const HIGHEST = 31_000;
const BLOCK = 8;

export type PortBlock = { readonly port: (n: number) => number; readonly release: () => Promise<void> };

/**
 * A block of ports for one run. Its first port is listened on for as long as the run lives: the kernel then keeps two
 * runs apart, and forgets the claim when the run dies however it dies.
 */
export async function claimPorts(host: string, count: number, random: () => number = Math.random): Promise<PortBlock> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const base = LOWEST + BLOCK * Math.floor((random() * (HIGHEST - LOWEST)) / BLOCK);
    const claim = await listen(host, base);
    if (claim === undefined) continue;
    if (await allFree(host, base, count)) return { port: (n) => base + n, release: () => close(claim) };
    await close(claim);
  }
  throw new StackError(`No block of ${count} free ports between ${LOWEST} and ${HIGHEST} on ${host}.`);
}

async function allFree(host: string, base: number, count: number): Promise<boolean> {
  for (let n = 1; n <= count; n++) {
    const probe = await listen(host, base + n);
    if (probe === undefined) return false;
    await close(probe);
  }
  return true;
}

function listen(host: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    // Holding the claim must not keep the process alive.
    server.listen(port, host, () => resolve(server)).unref();
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
