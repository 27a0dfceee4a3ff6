import { Rejected } from '@lotwarden/platform/errors';

/** Whom a subject of a provider is here. A subject is what the provider never gives again; an e-mail address is not. */
export type LinkEvent =
  | { readonly type: 'SubjectLinked'; readonly provider: string; readonly subject: string; readonly account: string }
  | { readonly type: 'SubjectUnlinked' };

export type LinkState =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'linked' | 'unlinked';
      readonly provider: string;
      readonly subject: string;
      readonly account: string;
    };

export const UNKNOWN_LINK: LinkState = { status: 'unknown' };

export function evolve(link: LinkState, event: LinkEvent): LinkState {
  if (event.type === 'SubjectUnlinked') return link.status === 'unknown' ? link : { ...link, status: 'unlinked' };
  const { type: _, ...told } = event;
  return { status: 'linked', ...told };
}

export interface Told {
  readonly provider: string;
  readonly subject: string;
  readonly account: string;
}

/** Throws `subject-linked` if the subject is somebody else here. */
export function link(known: LinkState, told: Told): LinkEvent[] {
  if (known.status === 'linked') {
    if (known.account === told.account) return [];
    throw new Rejected('subject-linked', { subject: told.subject, account: known.account });
  }
  return [{ type: 'SubjectLinked', ...told }];
}

/** Throws `subject-not-linked`. */
export function unlink(known: LinkState, { subject, account }: Told): LinkEvent[] {
  if (known.status !== 'linked' || known.account !== account)
    throw new Rejected('subject-not-linked', { subject, account });
  return [{ type: 'SubjectUnlinked' }];
}
