import type { artifactCollection } from './artifact.store.ts';

/** A browser that is signed in; times are ISO 8601. */
export interface Session {
  readonly id: string;
  readonly since: string;
  /** Signed out then if nobody asks anything before. */
  readonly until: string;
}

export interface Sessions {
  /** Newest first. */
  of(account: string): Promise<Session[]>;
  /** Signs somebody out everywhere but here; how many that were. Tokens given out before live on for their minutes. */
  endOthers(account: string, here: string): Promise<number>;
  /** Signs somebody out everywhere, as whoever held the password or the authenticator may be another. */
  endAll(account: string): Promise<void>;
  /** Ends the oldest until one more fits. */
  makeRoom(account: string): Promise<void>;
}

export function sessionStore(
  artifacts: ReturnType<typeof artifactCollection>,
  now: () => Date,
  most: number,
): Sessions {
  async function of(account: string): Promise<Session[]> {
    const theirs = { _id: { $regex: '^Session:' }, 'payload.accountId': account, expiresAt: { $gt: now() } };
    const found = await artifacts.find(theirs).sort({ 'payload.loginTs': -1, expiresAt: -1 }).toArray();
    return found.map(({ _id, payload, expiresAt }) => ({
      id: _id.slice('Session:'.length),
      since: new Date((payload['loginTs'] as number) * 1000).toISOString(),
      until: (expiresAt ?? now()).toISOString(),
    }));
  }

  const end = async (sessions: readonly Session[]): Promise<number> => {
    const ids = sessions.map(({ id }) => `Session:${id}`);
    return (await artifacts.deleteMany({ _id: { $in: ids } })).deletedCount;
  };

  return {
    of,
    endOthers: async (account, here) => end((await of(account)).filter(({ id }) => id !== here)),
    endAll: async (account) => {
      await end(await of(account));
    },
    makeRoom: async (account) => {
      await end((await of(account)).slice(most - 1));
    },
  };
}
