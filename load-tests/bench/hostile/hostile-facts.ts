import type { Happening, OperationDone } from '../../generator/world.ts';
import type { Targets } from './queries.ts';

const CHAIN = 20_000;
const FAN = 5_000;
const DENSE = 60;
const RING = 500;

const line = (lot: string) => ({ lot, as: lot, amount: 1, unit: 'EA', serials: [] });

function operation(id: string, inputs: readonly string[], outputs: readonly string[]): OperationDone {
  return {
    what: 'operation',
    id,
    site: 'PL9',
    kind: 'make',
    inputs: inputs.map((lot) => ({ ...line(lot), edge: 'material', certainty: 'scanned' })),
    outputs: outputs.map(line),
    scrap: [],
    moves: [],
    missing: null,
    told: true,
    lateInputs: 0,
    lateOutputs: 0,
    equipment: null,
    startedAt: 1,
    endedAt: 2,
    load: null,
  };
}

const names = (prefix: string, many: number): string[] =>
  Array.from({ length: many }, (_, n) => `${prefix}-${String(n)}`);

/** A chain of 20,000, a fan of 5,000, sixty lots that all become each other over and over, and a ring. */
export function hostileFacts(): { happenings: Happening[]; targets: Omit<Targets, 'lots' | 'operations'> } {
  const chain = names('CHAIN', CHAIN);
  const ring = names('RING', RING);
  const dense = names('DENSE', DENSE);
  const fan = 'FAN';
  return {
    targets: { chain, ring, dense, fan },
    happenings: [
      ...chain.slice(1).map((lot, at) => operation(`CH:${String(at)}`, [chain[at] ?? ''], [lot])),
      ...ring.map((lot, at) => operation(`RI:${String(at)}`, [lot], [ring[(at + 1) % RING] ?? ''])),
      ...names('LEAF', FAN).map((lot, at) => operation(`FA:${String(at)}`, [fan], [lot])),
      ...dense.flatMap((lot, at) => [
        operation(
          `DE:${String(at)}`,
          [lot],
          dense.filter((other) => other !== lot),
        ),
        operation(
          `DB:${String(at)}`,
          dense.filter((other) => other !== lot),
          [lot],
        ),
      ]),
    ],
  };
}
