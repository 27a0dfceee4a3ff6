import type { artifactCollection } from '../openid/artifact.store.ts';
import { PROGRAM_ID } from './program.ts';
import { openProgram, type Programs } from './program.store.ts';

/** Somebody lets a program act for him. */
export interface Consent {
  readonly program: string;
  readonly name: string;
  /** Asked again then; ISO 8601. */
  readonly until: string;
}

export interface Consents {
  of(account: string): Promise<Consent[]>;
  /** Takes it back: no token is given out by it any more. */
  end(account: string, program: string): Promise<void>;
  /** Takes back everybody's. */
  endAll(program: string): Promise<void>;
}

export function consentStore(
  artifacts: ReturnType<typeof artifactCollection>,
  programs: Pick<Programs, 'get'>,
  now: () => Date,
): Consents {
  async function end(filter: Readonly<Record<string, unknown>>): Promise<void> {
    const grants = await artifacts.find({ _id: { $regex: '^Grant:' }, ...filter }).toArray();
    const ids = grants.map(({ _id }) => _id.slice('Grant:'.length));
    // Codes that were given out by it first: whoever has one must not redeem it in between.
    await artifacts.deleteMany({ grantId: { $in: ids } });
    await artifacts.deleteMany({ _id: { $in: grants.map(({ _id }) => _id) } });
  }
  return {
    async of(account) {
      const theirs = { _id: { $regex: '^Grant:' }, 'payload.accountId': account, 'payload.clientId': PROGRAM_ID, expiresAt: { $gt: now() } }; // prettier-ignore
      const found = await artifacts.find(theirs).toArray();
      const consents = found.map(async ({ payload, expiresAt }) => {
        const program = String(payload['clientId']);
        const known = await openProgram(programs, program);
        return known && { program, name: known.name, until: (expiresAt ?? now()).toISOString() };
      });
      return (await Promise.all(consents)).filter((one) => one !== undefined);
    },
    end: (account, program) => end({ 'payload.accountId': account, 'payload.clientId': program }),
    endAll: (program) => end({ 'payload.clientId': program }),
  };
}
