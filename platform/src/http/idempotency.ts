/** An answer as it left, to be given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Begun =
  | { readonly outcome: 'begun'; readonly ticket: string }
  | { readonly outcome: 'answered'; readonly answer: KeptAnswer }
  /** Somebody else, or an attempt of the same caller, is at it. */
  | { readonly outcome: 'in-progress' }
  /** The key was used for another request. */
  | { readonly outcome: 'reused' };

/**
 * Keeps answers by (caller, key). It makes repeats cheap and equal; what makes the *effect* happen once is the inbox
 * mark that the unit of work writes in its own transaction (store/work.ts). So a crash between the two leaves: effect
 * done, no answer kept; after the lease the repeat runs, meets the mark, and is told `idempotency-already-applied`.
 */
export interface IdempotencyStore {
  begin(id: string, fingerprint: string): Promise<Begun>;
  complete(id: string, ticket: string, answer: KeptAnswer): Promise<void>;
  /** The attempt changed nothing: the key is free again, also for a corrected request. */
  release(id: string, ticket: string): Promise<void>;
}
