export const GATES = ['receiving', 'mes-bridge', 'qms', 'serialization', 'warehouse'];

/** Milliseconds after which a gate that is silent is an error of the bench. */
export const PATIENCE = 60_000;
