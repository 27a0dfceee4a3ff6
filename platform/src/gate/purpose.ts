import { Rejected } from '../errors.ts';

/** How goods may be touched although they are not released, or are held (correctness rule 22). */
interface Rule {
  readonly unreleased: boolean;
  readonly held: boolean;
  /** What may receive unreleased or held goods; then a signed, directed order with a quantity is needed. */
  readonly destinations?: readonly string[];
}

const NEVER: Rule = { unreleased: false, held: false };
const UNRELEASED: Rule = { unreleased: true, held: false };

/** ISO 13485:2016 7.5.8, 8.3.1: status is known, nonconforming product is kept from use. What is not said here: no. */
const RULES = {
  // Out of our hands, or into a product.
  sale: NEVER,
  pick: NEVER,
  issue: NEVER,
  // Steps on the way to release.
  accept: UNRELEASED,
  'put-away': UNRELEASED,
  move: UNRELEASED,
  'start-operation': UNRELEASED,
  commission: UNRELEASED,
  label: UNRELEASED,
  seal: UNRELEASED,
  release: UNRELEASED,
  // Directed: somebody signed where it goes, and why.
  'contract-processing': { unreleased: true, held: false, destinations: ['contract-processor'] },
  quarantine: { unreleased: true, held: true, destinations: ['quarantine'] },
  'return-to-supplier': { unreleased: true, held: true, destinations: ['supplier'] },
  laboratory: { unreleased: true, held: true, destinations: ['laboratory'] },
  destruction: { unreleased: true, held: true, destinations: ['destruction'] },
} as const satisfies Record<string, Rule>;

export type Purpose = keyof typeof RULES;

/** A signed movement order. */
export interface Direction {
  /** Party role or kind of location: contract-processor, quarantine, supplier, laboratory, destruction. */
  readonly destination: string;
  /** Id of the signed order. */
  readonly order: string;
}

const directed = ({ destinations }: Rule, direction: Direction | undefined): boolean =>
  destinations === undefined || (direction !== undefined && destinations.includes(direction.destination));

/** May goods be moved for this purpose although a hold touches them? */
export const mayMoveHeld = (purpose: Purpose, direction?: Direction): boolean => {
  const rule: Rule = RULES[purpose];
  return rule.held && directed(rule, direction);
};

/** May goods be moved for this purpose although they are not released (for the destination's market)? */
export const mayMoveUnreleased = (purpose: Purpose, direction?: Direction): boolean => {
  const rule: Rule = RULES[purpose];
  return rule.unreleased && directed(rule, direction);
};

/** Throws `lot-not-released`. `released` is for the market the goods go to, as qms said. */
export function assertReleased(
  lot: string,
  released: boolean,
  market: string,
  purpose: Purpose,
  direction?: Direction,
): void {
  if (!released && !mayMoveUnreleased(purpose, direction))
    throw new Rejected('lot-not-released', { lot, market, purpose });
}
