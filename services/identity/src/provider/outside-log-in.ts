/** What has to be known again when somebody comes back from a provider. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  /** PKCE, RFC 7636. */
  readonly verifier: string;
  readonly redirectUri: string;
  /** Whether the person has to log in there anew, whatever session there is. */
  readonly fresh: boolean;
}

/** Whom a provider says somebody is. */
export interface Shown {
  readonly subject: string;
  readonly name: string | null;
  /** Groups or roles, as the provider writes them. */
  readonly values: readonly string[];
}

/** Log-in at a provider outside, whatever its way. */
export interface OutsideLogIn {
  /** Where the browser is sent. Throws `provider-unreachable`. */
  begin(begun: Begun): Promise<URL>;
  /** With what it comes back. Throws `provider-unreachable`, and `provider-answer-wrong` for whatever does not prove it. */
  finish(back: URL, begun: Begun): Promise<Shown>;
}
