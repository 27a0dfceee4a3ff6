/** What must hold whatever happened, and what breaks it; no violators is good news. */
export interface Invariant {
  readonly invariant: string;
  readonly violators: readonly Violator[];
}

export interface Violator {
  readonly subject: string;
  readonly detail: string;
}
