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
    | 'token-refused'
    | 'permission-refused'
    | 'program-refused'
    | 'form-refused'
    | 'refusals-not-told-apart'
    | 'session-ended'
    | 'review-changed'
    | 'key-rotated'
    | 'key-revoked'
    | 'client-secret-changed'
    | 'device-changed'
    | 'device-refused'
    | 'provider-changed'
    | 'provider-refused';
  /** Account, client or key that it is about; an address where many accounts are tried from it. */
  readonly subject: string;
  readonly reason: string;
  readonly actor?: string | undefined;
  readonly address?: string | undefined;
  /** Who noticed it, if another service. */
  readonly service?: string | undefined;
  /** Somebody has to look now (21 CFR 11.300(d)). */
  readonly urgent?: boolean;
}

/** Equal ones of a minute are one: whoever tries a thousand times must not fill the streams. */
export interface Gathered extends Noticed {
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export const sameness = ({ kind, subject, reason, actor, address, service }: Noticed): string =>
  JSON.stringify([kind, subject, reason, actor, address, service]);

export const recorded = (id: string, { actor, address, urgent, service, ...rest }: Gathered): SecurityEvent => ({
  type: 'SecurityEventRecorded',
  securityEvent: id,
  ...rest,
  actor: actor ?? null,
  address: address ?? null,
  urgent: urgent ?? false,
  service: service ?? null,
});
