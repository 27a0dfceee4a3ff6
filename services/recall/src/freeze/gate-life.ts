/** The five that let goods pass; a recall is frozen when each of them holds what the manifest says. */
export const GATES = ['receiving', 'mes-bridge', 'serialization', 'warehouse', 'qms'] as const;
export type GateName = (typeof GATES)[number];

/** Which life of a gate's database counts. A restored one is another: it may have lost holds it had acknowledged. */
export interface GateLife {
  readonly gate: string;
  readonly incarnation: string;
  readonly former: readonly string[];
}

export interface Heard {
  readonly life: GateLife;
  /** Did the gate's database come to a new life with this message? */
  readonly restored: boolean;
  /** Does what is said in this life still count? */
  readonly current: boolean;
}

/** After a message of a gate, in the order of its topic (correctness rule 9). */
export function hear(known: GateLife | undefined, gate: string, incarnation: string): Heard {
  if (!known) return { life: { gate, incarnation, former: [] }, restored: false, current: true };
  if (known.incarnation === incarnation) return { life: known, restored: false, current: true };
  if (known.former.includes(incarnation)) return { life: known, restored: false, current: false };
  return {
    life: { gate, incarnation, former: [...known.former, known.incarnation] },
    restored: true,
    current: true,
  };
}
