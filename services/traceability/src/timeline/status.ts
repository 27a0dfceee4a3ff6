/** What a lot is after an event, as far as events say so. */
export interface LotStatus {
  /** pending, accepted, rejected; unreleased, released */
  readonly quality: string | null;
  readonly markets: readonly string[];
  readonly holds: readonly string[];
}

export const NO_STATUS: LotStatus = { quality: null, markets: [], holds: [] };

/** Events that say what a lot is; few of the many in its life. */
export const STATUS_TYPES: readonly string[] = [
  'MaterialLotReceived',
  'MaterialLotAccepted',
  'MaterialLotRejected',
  'ProductionLotDeclared',
  'LotReleased',
  'LotReleaseRevoked',
  'HoldPlaced',
  'HoldReleased',
];

interface Told {
  readonly type: string;
  readonly market?: string;
  readonly hold?: string;
}

export function statusAfter(before: LotStatus, event: { readonly type: string }): LotStatus {
  const { type, market = '', hold = '' } = event as Told;
  const { markets, holds } = before;
  switch (type) {
    case 'MaterialLotReceived':
      return { ...before, quality: before.quality ?? 'pending' };
    case 'MaterialLotAccepted':
      return { ...before, quality: 'accepted' };
    case 'MaterialLotRejected':
      return { ...before, quality: 'rejected' };
    case 'ProductionLotDeclared':
      return { ...before, quality: before.quality ?? 'unreleased' };
    case 'LotReleased':
      return { ...before, quality: 'released', markets: [...new Set([...markets, market])].sort() };
    case 'LotReleaseRevoked': {
      const left = markets.filter((one) => one !== market);
      return { ...before, markets: left, quality: left.length > 0 ? 'released' : 'unreleased' };
    }
    case 'HoldPlaced':
      return { ...before, holds: [...new Set([...holds, hold])].sort() };
    case 'HoldReleased':
      return { ...before, holds: holds.filter((one) => one !== hold) };
    default:
      return before;
  }
}

/** `released CN DE, held by H-1`; null where nobody said anything yet. */
export function statusText({ quality, markets, holds }: LotStatus): string | null {
  const parts = [
    ...(quality === null ? [] : [[quality, ...markets].join(' ')]),
    ...(holds.length > 0 ? [`held by ${holds.join(' ')}`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : null;
}

/** What an event makes of a thing that is no lot. */
const MADE: Readonly<Record<string, string>> = {
  ContainerPacked: 'packed',
  ContainerSealed: 'sealed',
  ContainerUnpacked: 'opened',
  OperationRecorded: 'recorded',
  OperationVoided: 'voided',
  MaterialMounted: 'mounted',
  MaterialUnmounted: 'unmounted',
  MaterialMountVoided: 'voided',
  ProcessLoadVoided: 'voided',
};

export const madeOf = (type: string): string | null => MADE[type] ?? null;
