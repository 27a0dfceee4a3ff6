import { Rejected } from '@lotwarden/platform/errors';

/** Where a party is told by machine. Its secret is kept sealed; the newest signs first, the one before still verifies. */
export type Endpoint =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'active' | 'gone';
      readonly endpoint: string;
      readonly party: string;
      readonly url: string;
      readonly sealedSecrets: readonly string[];
    };

export type EndpointEvent =
  | {
      readonly type: 'EndpointRegistered';
      readonly endpoint: string;
      readonly party: string;
      readonly url: string;
      readonly sealedSecret: string;
    }
  | { readonly type: 'EndpointSecretRotated'; readonly sealedSecret: string }
  | { readonly type: 'EndpointGone' };

export const UNKNOWN_ENDPOINT: Endpoint = { status: 'unknown' };

/** While secrets rotate the old one is honoured beside the new one. */
const SECRETS_KEPT = 2;

export function evolve(known: Endpoint, event: EndpointEvent): Endpoint {
  if (event.type === 'EndpointRegistered') {
    const { type: _, sealedSecret, ...facts } = event;
    return { ...facts, status: 'active', sealedSecrets: [sealedSecret] };
  }
  if (known.status === 'unknown') return known;
  if (event.type === 'EndpointGone') return { ...known, status: 'gone' };
  return {
    ...known,
    status: 'active',
    sealedSecrets: [event.sealedSecret, ...known.sealedSecrets].slice(0, SECRETS_KEPT),
  };
}

export function registerEndpoint(
  known: Endpoint,
  asked: { endpoint: string; party: string; url: string; sealedSecret: string },
): EndpointEvent[] {
  if (known.status !== 'unknown') throw new Rejected('endpoint-already-registered', { endpoint: asked.endpoint });
  return [{ type: 'EndpointRegistered', ...asked }];
}

/** Also brings an endpoint back that had said it was gone. */
export function rotateSecret(known: Endpoint, sealedSecret: string): EndpointEvent[] {
  if (known.status === 'unknown') throw new Rejected('endpoint-unknown');
  return [{ type: 'EndpointSecretRotated', sealedSecret }];
}
