import type { BomLine } from '@lotwarden/contracts/events';

/** As supplier lots are decided; `made` for our own. */
export type LotStatus = 'unknown' | 'pending' | 'accepted' | 'rejected' | 'made';

/** What the line asks about one input lot, and what is known of it at this moment. */
export interface AskedInput {
  readonly lot: string;
  readonly status: LotStatus;
  readonly item: string | null;
  readonly heldBy: readonly string[];
}

export interface StopReason {
  readonly code: string;
  readonly lot: string | null;
  readonly detail: string;
}

/**
 * Why the line must not start; empty = go. Anything doubtful stops: an operator can wait, a pump cannot be unmade. What is
 * mounted on the machine goes in whether it is named or not; it may be there for another product as well.
 */
export function stopReasons(
  inputs: readonly AskedInput[],
  bom: readonly Pick<BomLine, 'item' | 'alternatives'>[] | undefined,
  mounted: readonly AskedInput[] = [],
): StopReason[] {
  const fits = (item: string | null) => (line: Pick<BomLine, 'item' | 'alternatives'>) =>
    item !== null && (line.item === item || line.alternatives.includes(item));
  const reasons = inputs.flatMap((input) => [
    ...statusReasons(input),
    ...input.heldBy.map((hold) => ({ code: 'lot-on-hold', lot: input.lot, detail: hold })),
    ...(bom && input.item !== null && !bom.some(fits(input.item))
      ? [{ code: 'item-not-in-bom', lot: input.lot, detail: input.item }]
      : []),
  ]);
  const there = [...inputs, ...mounted];
  const missing = (bom ?? []).filter((line) => !there.some((input) => fits(input.item)(line)));
  const noBom = bom ? [] : [{ code: 'product-unknown', lot: null, detail: 'no bill of material in force' }];
  return [
    ...reasons,
    ...inputViolations(mounted),
    ...noBom,
    ...missing.map(({ item }) => ({ code: 'component-missing', lot: null, detail: item })),
  ];
}

function statusReasons({ lot, status }: AskedInput): StopReason[] {
  if (status === 'accepted' || status === 'made') return [];
  const code = status === 'unknown' ? 'lot-unknown' : 'material-not-accepted';
  return [{ code, lot, detail: status }];
}

/** What a *reported* consumption broke: the fact stands, the finding is told. */
export const inputViolations = (inputs: readonly AskedInput[]): StopReason[] =>
  inputs.flatMap((input) => [
    ...statusReasons(input),
    ...input.heldBy.map((hold) => ({ code: 'lot-on-hold', lot: input.lot, detail: hold })),
  ]);
