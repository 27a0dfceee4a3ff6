import { Rejected } from '@lotwarden/platform/errors';

/** What happens to a service account. These events stay in this database: they carry hashes of secrets. */
export type MachineEvent =
  | ({ readonly type: 'MachineOpened'; readonly secret: Secret } & Opened)
  | { readonly type: 'MachineSecretAdded'; readonly secret: Secret }
  | { readonly type: 'MachineSecretRemoved'; readonly secret: string }
  | { readonly type: 'MachineDeactivated' };

export interface Opened {
  readonly machine: string;
  readonly name: string;
  readonly role: MachineRole;
  /** Sites that it is bound to; null = all. */
  readonly sites: readonly string[] | null;
  /** The outside party whose system it is; null = ours. */
  readonly party: string | null;
}

export interface Secret {
  readonly id: string;
  /** SHA-256 in hex: a secret of 256 random bits needs no slow hash. */
  readonly hash: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface KnownMachine extends Opened {
  /** Deactivated for good: the id is never given again (21 CFR 11.300(a)). */
  readonly status: 'open' | 'deactivated';
  /** Oldest first; two while the outside system changes from one to the other. */
  readonly secrets: readonly Secret[];
}

export type MachineState = { readonly status: 'unknown' } | KnownMachine;

export const UNKNOWN_MACHINE: MachineState = { status: 'unknown' };

/** What an outside system can be; what our own services and people are is never given to one. */
export const MACHINE_ROLES = ['system-mes', 'system-wms', 'system-lims', 'system-epcis', 'partner-epcis'] as const;
export type MachineRole = (typeof MACHINE_ROLES)[number];

/** With an underscore, which no account of a person and none of our services has: nobody can be taken for the other. */
export const MACHINE_ID = /^(?=.{3,60}$)[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

const MOST_SECRETS = 2;

export function evolve(machine: MachineState, event: MachineEvent): MachineState {
  if (event.type === 'MachineOpened') {
    const { type: _, secret, ...opened } = event;
    return { status: 'open', ...opened, secrets: [secret] };
  }
  if (machine.status === 'unknown') return machine;
  switch (event.type) {
    case 'MachineSecretAdded':
      return { ...machine, secrets: [...machine.secrets, event.secret] };
    case 'MachineSecretRemoved':
      return { ...machine, secrets: machine.secrets.filter(({ id }) => id !== event.secret) };
    case 'MachineDeactivated':
      return { ...machine, status: 'deactivated', secrets: [] };
  }
}

/** Throws `machine-id-taken`, also for one that is deactivated, and `machine-party-wrong`. */
export function openMachine(known: MachineState, asked: Opened, secret: Secret): MachineEvent[] {
  if (known.status !== 'unknown') throw new Rejected('machine-id-taken', { machine: asked.machine });
  // A partner's role without its party would see to nobody's events; ours with one would speak for a partner.
  if ((asked.role === 'partner-epcis') !== (asked.party !== null))
    throw new Rejected('machine-party-wrong', { role: asked.role });
  return [{ type: 'MachineOpened', ...asked, secret }];
}

/** Throws `machine-secrets-two`: whoever has the older of two must have changed to the newer one first. */
export function addSecret(machine: MachineState, id: string, secret: Secret): MachineEvent[] {
  const { secrets } = open(machine, id);
  if (secrets.length >= MOST_SECRETS) throw new Rejected('machine-secrets-two', { machine: id });
  return [{ type: 'MachineSecretAdded', secret }];
}

/** Throws `machine-secret-unknown`, and `machine-secret-last`: a system that may come no more is deactivated. */
export function removeSecret(machine: MachineState, id: string, secret: string): MachineEvent[] {
  const { secrets } = open(machine, id);
  if (!secrets.some((one) => one.id === secret)) throw new Rejected('machine-secret-unknown', { machine: id, secret });
  if (secrets.length === 1) throw new Rejected('machine-secret-last', { machine: id });
  return [{ type: 'MachineSecretRemoved', secret }];
}

export const deactivateMachine = (machine: MachineState, id: string): MachineEvent[] =>
  known(machine, id).status === 'deactivated' ? [] : [{ type: 'MachineDeactivated' }];

export function known(machine: MachineState, id: string): KnownMachine {
  if (machine.status === 'unknown') throw new Rejected('machine-unknown', { machine: id });
  return machine;
}

function open(machine: MachineState, id: string): KnownMachine {
  const found = known(machine, id);
  if (found.status === 'deactivated') throw new Rejected('machine-deactivated', { machine: id });
  return found;
}
