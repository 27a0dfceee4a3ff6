import { Rejected } from '@lotwarden/platform/errors';

/** What happens to a program of somebody else that people here let act for them. */
export type ProgramEvent =
  ({ readonly type: 'ProgramRegistered' } & Registered) | { readonly type: 'ProgramDeactivated' };

interface Registered {
  readonly name: string;
  /** Who makes it, as people are told who are asked for their consent. */
  readonly maker: string;
  /** Where people are sent back to; exactly these. */
  readonly redirectUris: readonly string[];
}

export interface KnownProgram extends Registered {
  /** Deactivated for good: what people consented to was this one. */
  readonly status: 'registered' | 'deactivated';
}

export type ProgramState = { readonly status: 'unknown' } | KnownProgram;

export const UNKNOWN_PROGRAM: ProgramState = { status: 'unknown' };

/** `app-` before it: none of our own programs, services and people is called like that. */
export const PROGRAM_ID = /^app-[a-z0-9-]{2,50}$/;

export function evolve(program: ProgramState, event: ProgramEvent): ProgramState {
  if (event.type === 'ProgramDeactivated')
    return program.status === 'unknown' ? program : { ...program, status: 'deactivated' };
  const { type: _, ...registered } = event;
  return { status: 'registered', ...registered };
}

/** Throws `program-id-taken`, also by one that is deactivated, and `program-address-wrong`. */
export function register(known: ProgramState, id: string, asked: Registered, allowLoopback: boolean): ProgramEvent[] {
  if (known.status !== 'unknown') throw new Rejected('program-id-taken', { program: id });
  for (const address of asked.redirectUris)
    if (!isSafe(address, allowLoopback)) throw new Rejected('program-address-wrong', { address });
  return [{ type: 'ProgramRegistered', ...asked }];
}

/** The code of a log-in goes there: over TLS, or to a program on the person's own machine (RFC 8252 §7.3). */
function isSafe(address: string, allowLoopback: boolean): boolean {
  const { protocol, hostname, hash, username, password } = new URL(address);
  const isLocal = allowLoopback && protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || isLocal) && hash === '' && username === '' && password === '';
}

export const deactivate = (known: ProgramState, id: string): ProgramEvent[] =>
  knownProgram(known, id).status === 'deactivated' ? [] : [{ type: 'ProgramDeactivated' }];

export function knownProgram(program: ProgramState, id: string): KnownProgram {
  if (program.status === 'unknown') throw new Rejected('program-unknown', { program: id });
  return program;
}
