/** Work that comes round by itself. MongoDB says what is due; the schedule only says when to look. */
export interface Job {
  /** Kebab-case, unique in its service: `certificate-expiry-watch`. */
  readonly name: string;
  /** Milliseconds from one start to the next, or a cron pattern in UTC. One runs at a time over all replicas. */
  readonly every: number | { readonly cron: string };
  /** Must be safe to run twice: a run that did not end is run again. Throwing logs and waits for the next round. */
  readonly handle: (run: Run) => Promise<void>;
}

/** Work woken for one thing at a time. */
export interface Queue {
  readonly name: string;
  /** How many ids one replica works on at once; 1 if absent. */
  readonly concurrency?: number;
  /** Looks up in MongoDB what is due for `id`; safe to run twice or for nothing. */
  readonly handle: (id: string, run: Run) => Promise<void>;
}

export interface Run {
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
  /** The traceparent of whoever woke it, for the changes it makes; absent for a round of a schedule. */
  readonly trace?: string | undefined;
}

export interface WakeOptions {
  /** Milliseconds until then; now if absent. */
  readonly delay?: number;
  /** Tells one wake for this id from the next; two wakes with the same id and attempt are one. Free if absent. */
  readonly attempt?: number;
  /** The trace it goes on in; that of the active span if absent. */
  readonly trace?: string | undefined;
}

export const job = (definition: Job): Job => definition;

export const queue = (definition: Queue): Queue => definition;
