import type { EventOf } from '@lotwarden/contracts/events';

export type SecurityEvent = EventOf<'identity.security.v1'>;

/** What happened, as whoever noticed it says it. */
export interface Noticed {
  readonly kind:
    | 'sign-in-refused'
    | 'account-locked'
    | 'repeated-failures'
    | 'password-changed'
    | 'factor-changed'
    | 'roles-changed'
    | 'account-deactivated'
    | 'deputy-appointed'
    | 'break-glass-opened'
    | 'break-glass-closed'
    | 'signature-refused'
    | 'key-rotated'
    | 'key-revoked'
    | 'client-secret-changed';
  /** Account, client or key that it is about; an address where many accounts are tried from it. */
  readonly subject: string;
  readonly reason: string;
  readonly actor?: string | undefined;
  readonly address?: string | undefined;
  /** Somebody has to look now (21 CFR 11.300(d)). */
  readonly urgent?: boolean;
}

/** Equal ones of a minute are one: whoever tries a thousand times must not fill the streams. */
export interface Gathered extends Noticed {
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export const sameness = ({ kind, subject, reason, actor, address }: Noticed): string =>
  JSON.stringify([kind, subject, reason, actor, address]);

export const recorded = (id: string, { actor, address, urgent, ...rest }: Gathered): SecurityEvent => ({
  type: 'SecurityEventRecorded',
  securityEvent: id,
  ...rest,
  actor: actor ?? null,
  address: address ?? null,
  urgent: urgent ?? false,
});
