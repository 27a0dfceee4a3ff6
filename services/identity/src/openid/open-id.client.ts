import type { Deps } from '@lotwarden/platform/service';
import type { Accounts, Credentials } from '../account/account.store.ts';
import { openAccounts } from '../account/account.store.ts';
import type { Enrolment } from '../factor/enrolment.store.ts';
import type { SigningKey } from '../key/key-ring.store.ts';
import type { MachineClients } from '../machine/machine.store.ts';
import { passkeys } from '../passkey/passkeys.store.ts';
import { webAuthn } from '../passkey/webauthn.client.ts';
import type { Consents } from '../program/consents.store.ts';
import { openProgram, withPrograms, type Programs } from '../program/program.store.ts';
import type { OutsideLogIns } from '../provider/outside-log-ins.store.ts';
import type { Reviews } from '../review/review.store.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { Sign } from '../signature/sign.store.ts';
import type { artifactStore } from './artifact.store.ts';
import { attemptLimit } from './attempt-limit.ts';
import type { Machine } from './clients.ts';
import { consent } from './consent.routes.ts';
import { interactionsOf } from './interaction.client.ts';
import { logIn } from './log-in.routes.ts';
import { openIdMount, type Handler } from './mount.client.ts';
import { outsideRoutes } from './outside.routes.ts';
import { ownPage } from './own.routes.ts';
import { openIdProvider } from './provider.client.ts';
import { reviewPages } from './review-page.routes.ts';
import type { SessionLimits } from './session-life.ts';
import type { Sessions } from './sessions.store.ts';
import { visits } from './visit.client.ts';

interface Needs extends Pick<Deps, 'clock' | 'log'> {
  readonly settings: SessionLimits & {
    readonly personTokenSeconds: number;
    readonly clientTokenSeconds: number;
    readonly signInsPerMinute: number;
    readonly keySecret: string;
  };
  readonly issuer: string;
  /** Where it is mounted, `/openid`. */
  readonly path: string;
  readonly redirectUris: readonly string[];
  readonly artifacts: ReturnType<typeof artifactStore>;
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly enrolment: Enrolment;
  readonly sessions: Sessions;
  readonly machines: readonly Machine[];
  readonly machineClients: MachineClients;
  readonly programs: Programs;
  readonly consents: Consents;
  readonly outside: OutsideLogIns;
  /** Where providers outside send people back to. */
  readonly outsideRedirectUri: string;
  /** Where somebody logs in, if not here. */
  readonly elsewhere: (account: string) => Promise<readonly string[]>;
  readonly atDevice: (thumbprint: string | undefined) => Promise<object>;
  readonly reviews: Reviews;
  readonly sign: Sign;
  readonly security: SecurityLog;
}

/**
 * Everything under the issuer, with these keys of tokens. Made anew when they change: whatever it has to remember is in
 * the database, so that nobody who is logging in notices.
 */
export function openIdWith(needs: Needs): (tokenKeys: readonly SigningKey[]) => Handler {
  const { settings, accounts, sessions, programs, outside, issuer, path, clock } = needs;
  const person = openAccounts(accounts);
  const limit = attemptLimit(settings.signInsPerMinute);
  const asked = webAuthn(issuer, settings.keySecret);
  const known = { ...needs, person, limit, passkeys: asked && passkeys({ ...needs, webAuthn: asked }) };

  return (tokenKeys) => {
    const provider = openIdProvider({
      ...needs,
      ...settings,
      tokenKeys,
      artifacts: withPrograms(programs, needs.artifacts),
      cookieSecret: settings.keySecret,
    });
    const interactions = interactionsOf(provider, sessions);
    const page = logIn({ ...known, interactions, offered: outside.offered });
    const arrive = visits({ ...known, provider, cookieSecret: settings.keySecret });
    return openIdMount(provider, {
      consent: consent({ interactions, program: (id) => openProgram(programs, id), path }),
      logIn: page.handle,
      outside: outsideRoutes({
        interactions,
        outside,
        limit,
        logInPage: page.show,
        redirectUri: needs.outsideRedirectUri,
        path,
        clock,
      }),
      own: ownPage({ ...known, arrive }),
      review: reviewPages({ ...known, arrive }),
    });
  };
}
