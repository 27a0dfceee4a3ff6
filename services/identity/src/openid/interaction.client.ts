import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, type Provider } from 'oidc-provider';
import type { Sessions } from './sessions.store.ts';

export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Log-ins under way, and how each ends: with somebody signed in, and a program that may act for him or not. */
export interface Interactions {
  /** The log-in that the browser's cookie and the address agree on. */
  underWay(request: IncomingMessage, response: ServerResponse): Promise<Interaction | undefined>;
  /** The question whether a program may act for whoever is signed in, as the browser's cookie and the address agree on it. */
  asked(request: IncomingMessage, response: ServerResponse): Promise<Interaction | undefined>;
  /** What the person said to it. */
  answer(request: IncomingMessage, response: ServerResponse, under: Interaction, isAllowed: boolean): Promise<void>;
  enter(request: IncomingMessage, response: ServerResponse, under: Interaction, who: Entering): Promise<void>;
}

interface Entering {
  readonly account: string;
  /** What was shown (RFC 8176). */
  readonly amr: readonly string[];
}

/** `/interaction/<uid>`, or what is below it. */
export const INTERACTION = /^\/interaction\/([\w-]+)(?:[/?]|$)/;

export function interactionsOf(provider: Provider, sessions: Sessions): Interactions {
  async function found(
    request: IncomingMessage,
    response: ServerResponse,
    prompt: string,
  ): Promise<Interaction | undefined> {
    // prettier-ignore
    try {
      const under = await provider.interactionDetails(request, response);
      const named = INTERACTION.exec(request.url ?? '')?.[1];
      return under.uid === named && under.prompt.name === prompt ? under : undefined;
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  }

  return {
    underWay: (request, response) => found(request, response, 'login'),
    asked: (request, response) => found(request, response, 'consent'),
    async answer(request, response, { params, session }, isAllowed) {
      const denied = { error: 'access_denied', error_description: 'the person did not allow it' };
      const granted = async () => {
        const grant = new provider.Grant({
          accountId: session?.accountId ?? '',
          clientId: String(params['client_id']),
        });
        grant.addOIDCScope('openid');
        return { consent: { grantId: await grant.save() } };
      };
      const result = isAllowed ? await granted() : denied;
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: isAllowed });
    },
    async enter(request, response, under, { account, amr }) {
      const before = under.session;
      if (before && before.accountId !== account) {
        // The next person at the same terminal: the one before is signed out, and nothing of that session is taken over.
        delete under.session;
        await under.persist();
        await (await provider.Session.findByUid(before.uid))?.destroy();
      }
      await sessions.makeRoom(account);
      const login = { accountId: account, amr: [...amr], remember: false };
      await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    },
  };
}
