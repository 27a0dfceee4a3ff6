/** Who does something, why and by what means; it goes onto every event as headers, and the audit log lives on it. */
export interface Context {
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly device?: string | undefined;
  readonly site?: string | undefined;
  /** Sites to which the actor is bound; undefined means none (`assertOwnSite`). */
  readonly sites?: readonly string[] | undefined;
  /** Markets to which the actor is bound; undefined means none (`assertOwnMarket`). */
  readonly markets?: readonly string[] | undefined;
  /** When it happened by the reporter's clock, ISO 8601; the time of recording if absent. */
  readonly occurredAt?: string | undefined;
  /** The command's Idempotency-Key: a unit of work with one applies at most once per actor and key. */
  readonly idempotencyKey?: string | undefined;
  /** W3C traceparent. */
  readonly trace?: string | undefined;
  /** The request or the event that led to this. */
  readonly causationId?: string | undefined;
}
