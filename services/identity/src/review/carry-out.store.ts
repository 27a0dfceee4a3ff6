import { Rejected } from '@lotwarden/platform/errors';
import type { Account, AccountEvent } from '../account/account.ts';
import { endDeputy } from '../account/deputy.ts';
import { deactivate, open, takeStanding } from '../account/manage-account.ts';
import { block } from '../device/device.ts';
import { deactivateMachine } from '../machine/machine.ts';
import { deactivate as deactivateProvider } from '../provider/outside-provider.ts';
import type { SecurityLog } from '../security/security-log.store.ts';
import type { Decision } from './review.ts';
import type { Reviewed } from './snapshot.store.ts';

interface Needs extends Reviewed {
  readonly security: Pick<SecurityLog, 'report'>;
  /** Signs somebody out everywhere. */
  readonly endSessions: (account: string) => Promise<void>;
}

/** Does what was decided; done twice it is done once. Tells `done`, or the error code of why it could not be. */
export async function carryOut(needs: Needs, review: string, decision: Decision): Promise<string> {
  try {
    await perform(needs, review, decision);
    return 'done';
  } catch (error) {
    if (error instanceof Rejected) return error.code;
    throw error;
  }
}

async function perform(needs: Needs, review: string, decision: Decision): Promise<void> {
  const { accounts, machines, devices, providers, security, endSessions } = needs;
  const { subject, verdict, by, reason } = decision;
  const [kind, id] = [subject.slice(0, subject.indexOf(':')), subject.slice(subject.indexOf(':') + 1)];
  const context = { actor: by, reason: `${review}: ${reason}` };
  const report = { subject: id, actor: by, reason: context.reason };
  if (kind === 'person' && verdict === 'reduce') {
    await accounts.change(id, context, (state) => reduce(state, id, decision));
    await security.report({ kind: 'roles-changed', ...report });
  } else if (kind === 'person') {
    await accounts.change(id, context, (state) => deactivate(state, id));
    await endSessions(id);
    await security.report({ kind: 'account-deactivated', ...report });
  } else if (kind === 'system') {
    await machines.change(id, context, (state) => deactivateMachine(state, id));
    await security.report({ kind: 'account-deactivated', ...report });
  } else if (kind === 'device') {
    await devices.change(id, context, (state) => block(state, id));
    await security.report({ kind: 'device-changed', ...report });
  } else {
    await providers.change(id, context, (state) => deactivateProvider(state, id));
    await security.report({ kind: 'provider-changed', ...report });
  }
}

/** Only takes away, also from who has been given less meanwhile. */
export function reduce(account: Account, id: string, { roles, sites, endDeputyships }: Decision): AccountEvent[] {
  const now = open(account, id);
  const left = {
    roles: roles === null ? now.roles : now.roles.filter((role) => roles.includes(role)),
    sites: sites === null ? now.sites : (now.sites?.filter((site) => sites.includes(site)) ?? sites),
    markets: now.markets ?? null,
  };
  return [
    ...takeStanding(account, id, left),
    ...(endDeputyships ? now.deputyships.flatMap(({ standsFor }) => endDeputy(account, id, standsFor)) : []),
  ];
}
