import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate } from '@lotwarden/platform/store';
import type { Adapter, ClientMetadata } from 'oidc-provider';
import { secretFits } from './machine-secret.client.ts';
import { evolve, MACHINE_ID, UNKNOWN_MACHINE, type KnownMachine, type MachineEvent, type MachineState } from './machine.ts'; // prettier-ignore

export type Machines = Aggregate<MachineState, MachineEvent>;

export const machineStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Machines =>
  aggregate({ collection: 'machines', initial: UNKNOWN_MACHINE, evolve });

/** What the OpenID provider asks of service accounts; each time anew, so that a deactivation holds at once. */
export interface MachineClients {
  /** One that is open. */
  find(id: string): Promise<KnownMachine | undefined>;
  fits(id: string, secret: string): Promise<boolean>;
  /** The adapter of everything else, with service accounts as its clients. */
  within(artifacts: (model: string) => Adapter): (model: string) => Adapter;
}

export function machineClients(machines: Pick<Machines, 'get'>): MachineClients {
  async function find(id: string): Promise<KnownMachine | undefined> {
    if (!MACHINE_ID.test(id)) return undefined;
    const found = await machines.get(id);
    return found?.state.status === 'open' ? found.state : undefined;
  }
  return {
    find,
    fits: async (id, secret) => secretFits(secret, (await find(id))?.secrets ?? []),
    within: (artifacts) => (model) => {
      const stored = artifacts(model);
      if (model !== 'Client') return stored;
      return {
        ...stored,
        find: async (id) => {
          const found = await find(id);
          return found ? asClient(found) : stored.find(id);
        },
      };
    },
  };
}

const asClient = ({ machine }: KnownMachine): ClientMetadata => ({
  client_id: machine,
  // The provider wants one to be there. It is never compared: only hashes are kept, and `fits` compares those.
  client_secret: 'kept-as-hashes-only',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
});
