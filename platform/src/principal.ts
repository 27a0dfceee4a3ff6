/** Who calls, as the token says. */
export interface Principal {
  /** Account or client id. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'person' | 'service' | 'system';
  readonly roles: readonly string[];
  /** Sites the caller is bound to; undefined means all. */
  readonly sites?: readonly string[];
  /** Markets the caller is bound to (ISO 3166-1 alpha-2; `*` is releases for any); undefined means all. */
  readonly markets?: readonly string[];
  /** The outside party on whose behalf the caller acts. */
  readonly party?: string;
  /** The registered device that the caller is at; `site` undefined means that it may be anywhere. */
  readonly device?: { readonly id: string; readonly site?: string };
  /** Thumbprint of the key that has to prove each request (RFC 9449); the token alone is nothing. */
  readonly boundTo?: string;
}
