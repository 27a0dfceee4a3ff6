import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { intersect } from '@lotwarden/platform/serial-range';

/** Serials that changed their lot because of an operation. */
export interface SerialMove {
  readonly from: string;
  readonly to: string;
  readonly ranges: readonly SerialRange[];
}

export interface Flows {
  /** make | rework | repair | split | merge | scrap | adjust | unbuild | relabel; null until the source has told the whole operation */
  readonly kind: string | null;
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly scrap: readonly OperationOutput[];
}

/** An operation as far as serials followed it: what a late report adds to, and what a void takes back. */
export interface Followed extends Flows {
  readonly moves: readonly SerialMove[];
  readonly scrapped: readonly { readonly lot: string; readonly ranges: readonly SerialRange[] }[];
  /** What was found wrong and said, so that it is not said again. */
  readonly findings: readonly string[];
  readonly voided: boolean;
}

export type FollowedEvent = { readonly type: 'OperationFollowed'; readonly followed: Followed };

export const NO_FLOWS: Flows = { kind: null, inputs: [], outputs: [], scrap: [] };

export const NOT_FOLLOWED: Followed = { ...NO_FLOWS, moves: [], scrapped: [], findings: [], voided: false };

export const evolve = (_before: Followed, { followed }: FollowedEvent): Followed => followed;

export const lotsOf = ({ inputs, outputs, scrap }: Flows): string[] => [
  ...new Set([...inputs, ...outputs, ...scrap].map(({ lot }) => lot)),
];

export const serialsNamed = ({ inputs, outputs, scrap }: Flows): SerialRange[] =>
  [...inputs, ...outputs, ...scrap].flatMap(({ serials }) => serials);

/** Of an operation, only what names some of these serials. */
export function naming({ kind, inputs, outputs, scrap }: Flows, ranges: readonly SerialRange[]): Flows {
  const only = <Flow extends OperationOutput>(flows: readonly Flow[]): Flow[] =>
    flows
      .map((flow) => ({ ...flow, serials: intersect(flow.serials, ranges) }))
      .filter(({ serials }) => serials.length > 0);
  return { kind, inputs: only(inputs), outputs: only(outputs), scrap: only(scrap) };
}

/** Of an operation, only what is said of one lot. */
export function speakingOf({ kind, inputs, outputs, scrap }: Flows, lot: string): Flows {
  const only = <Flow extends OperationOutput>(flows: readonly Flow[]): Flow[] =>
    flows.filter((flow) => flow.lot === lot);
  return { kind, inputs: only(inputs), outputs: only(outputs), scrap: only(scrap) };
}

/** Under other names for lots. */
export function renamed({ kind, inputs, outputs, scrap }: Flows, actual: (lot: string) => string): Flows {
  const real = <Flow extends OperationOutput>(flows: readonly Flow[]): Flow[] =>
    flows.map((flow) => ({ ...flow, lot: actual(flow.lot) }));
  return { kind, inputs: real(inputs), outputs: real(outputs), scrap: real(scrap) };
}
