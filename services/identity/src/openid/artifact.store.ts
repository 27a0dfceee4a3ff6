import type { Deps } from '@lotwarden/platform/service';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';

/** A session, a log-in under way, a code: what the provider must remember for a while. */
interface ArtifactDocument {
  readonly _id: string;
  readonly payload: AdapterPayload;
  readonly grantId: string | null;
  readonly uid: string | null;
  readonly expiresAt: Date | null;
}

export const artifactCollection = ({ collection }: Pick<Deps, 'collection'>) =>
  collection<ArtifactDocument>('openid_artifacts', [
    { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    { key: { grantId: 1 }, partialFilterExpression: { grantId: { $type: 'string' } } },
    { key: { uid: 1 }, partialFilterExpression: { uid: { $type: 'string' } } },
  ]);

/** oidc-provider's storage on MongoDB, for one kind of artifact. */
export function artifactStore(
  artifacts: ReturnType<typeof artifactCollection>,
  now: () => Date,
): (model: string) => Adapter {
  return (model) => {
    const key = (id: string): string => `${model}:${id}`;
    // MongoDB removes what has expired only once a minute; until then it must not be found.
    const alive = () => ({ $or: [{ expiresAt: null }, { expiresAt: { $gt: now() } }] });
    const payloadOf = (found: ArtifactDocument | null) => found?.payload;

    return {
      upsert: async (id, payload, expiresIn) => {
        const expiresAt = expiresIn === undefined ? null : new Date(now().getTime() + expiresIn * 1000);
        const { grantId = null, uid = null } = payload;
        await artifacts.replaceOne({ _id: key(id) }, { payload, grantId, uid, expiresAt }, { upsert: true });
      },
      find: async (id) => payloadOf(await artifacts.findOne({ _id: key(id), ...alive() })),
      findByUid: async (uid) => payloadOf(await artifacts.findOne({ _id: { $regex: `^${model}:` }, uid, ...alive() })),
      // The device flow is off.
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const consumed = Math.floor(now().getTime() / 1000);
        const done = await artifacts.updateOne(
          { _id: key(id), 'payload.consumed': { $exists: false } },
          { $set: { 'payload.consumed': consumed } },
        );
        // Two at once with the same code: the provider looked before either had marked it.
        if (done.matchedCount === 0) throw new errors.InvalidGrant('already consumed');
      },
      destroy: async (id) => {
        await artifacts.deleteOne({ _id: key(id) });
      },
      revokeByGrantId: async (grantId) => {
        await artifacts.deleteMany({ grantId, _id: { $not: /^Grant:/ } });
      },
    };
  };
}
