import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate } from '@lotwarden/platform/store';
import type { Adapter, ClientMetadata } from 'oidc-provider';
import { evolve, PROGRAM_ID, UNKNOWN_PROGRAM, type KnownProgram, type ProgramEvent, type ProgramState } from './program.ts'; // prettier-ignore

export type Programs = Aggregate<ProgramState, ProgramEvent>;

export const programStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Programs =>
  aggregate({ collection: 'programs', initial: UNKNOWN_PROGRAM, evolve });

/** One that people may let act for them; each time anew, so that a deactivation holds at once. */
export async function openProgram(programs: Pick<Programs, 'get'>, id: string): Promise<KnownProgram | undefined> {
  if (!PROGRAM_ID.test(id)) return undefined;
  const found = await programs.get(id);
  return found?.state.status === 'registered' ? found.state : undefined;
}

/** The adapter of everything else, with these programs among its clients. */
export const withPrograms =
  (programs: Pick<Programs, 'get'>, artifacts: (model: string) => Adapter) =>
  (model: string): Adapter => {
    const stored = artifacts(model);
    if (model !== 'Client') return stored;
    return {
      ...stored,
      find: async (id) => {
        const found = await openProgram(programs, id);
        return found ? asClient(id, found) : stored.find(id);
      },
    };
  };

/** Public, with PKCE: a secret that is in a program of others is none. */
const asClient = (id: string, { name, redirectUris }: KnownProgram): ClientMetadata => ({
  client_id: id,
  client_name: name,
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [...redirectUris],
  scope: 'openid',
});
