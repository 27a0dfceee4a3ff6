import type { EventOf, Violation } from '@lotwarden/contracts/events';
import { MOUNT_UNKNOWN, type MaterialMount, type MountEvent } from './material-mount.ts';
import { overlapping, type MountedThere } from './mounted-now.ts';

type Mounted = Extract<MountEvent, { type: 'MaterialMounted' }>;
type Unmounted = Extract<MountEvent, { type: 'MaterialUnmounted' }>;
type Told<E> = Omit<E, 'type' | 'violations'>;
type Flagged = Extract<EventOf<'mes-bridge.mount.v1'>, { type: 'MaterialMountFlagged' }>;

/** What the caller knows: why the lot should not be used, who else was on the machine, the lot behind a placeholder. */
export interface Around {
  readonly lot: readonly Violation[];
  readonly others: readonly MountedThere[];
  readonly real: (lot: string) => string;
}

/**
 * Keeps what MES says was mounted; a fact is never refused. Told a second time with other content, the first stands, and
 * the claim is kept: for a recall the other lot may have been there too.
 */
export function recordMount(known: MaterialMount, told: Told<Mounted>, around: Around): MountEvent[] {
  const { mount, lot, quantity, mountedAt } = told;
  if (known.status === 'voided') return [flagged(mount, { lot, quantity, mountedAt }, 'mount-voided')];
  if (known.mountedAt === null) {
    const time = known.unmountedAt === null ? [] : backwards(mountedAt, known.unmountedAt, told.lot);
    const other = known.lot !== null && around.real(known.lot) !== around.real(lot) ? [otherLot(known.lot)] : [];
    const meanwhile = overlaps(around, { ...told, unmountedAt: known.unmountedAt });
    return [{ type: 'MaterialMounted', ...told, violations: [...around.lot, ...time, ...other, ...meanwhile] }];
  }
  const claim = {
    lot: known.lot !== null && around.real(known.lot) === around.real(lot) ? null : lot,
    quantity: same(known.quantity, quantity) ? null : quantity,
    mountedAt: known.mountedAt === mountedAt ? null : mountedAt,
  };
  const isSame = claim.lot === null && claim.quantity === null && claim.mountedAt === null;
  return isSame ? [] : [flagged(mount, claim, 'mount-recorded-twice')];
}

/** It came off; perhaps heard before the mounting, perhaps nobody ever tells of that. */
export function recordUnmount(known: MaterialMount, told: Told<Unmounted>, around: Around): MountEvent[] {
  const { mount, lot, unmountedAt, remaining } = told;
  if (known.status === 'voided') return [flagged(mount, { lot, unmountedAt, remaining }, 'mount-voided')];
  const other = lot !== null && known.lot !== null && around.real(lot) !== around.real(known.lot);
  if (known.unmountedAt !== null) {
    const claim = {
      lot: other ? lot : null,
      unmountedAt: known.unmountedAt === unmountedAt ? null : unmountedAt,
      remaining: same(known.remaining, remaining) ? null : remaining,
    };
    const isSame = claim.lot === null && claim.unmountedAt === null && claim.remaining === null;
    return isSame ? [] : [flagged(mount, claim, 'mount-recorded-twice')];
  }
  const violations = [
    ...(known.mountedAt === null
      ? [{ code: MOUNT_UNKNOWN, lot, detail: 'came off, and nobody has told that it went on' }]
      : [
          ...backwards(known.mountedAt, unmountedAt, known.lot),
          ...overlaps(around, { ...told, mountedAt: known.mountedAt, mixing: known.mixing }),
        ]),
    ...(other ? [otherLot(lot)] : []),
    ...tooMuchLeft(known, told),
  ];
  return [{ type: 'MaterialUnmounted', ...told, violations }];
}

/** Takes back a mounting recorded wrongly. Voided twice changes nothing. */
export function voidMount(
  known: MaterialMount,
  asked: { mount: string; reason: string; replacedBy: string | null },
): MountEvent[] {
  return known.status === 'voided' ? [] : [{ type: 'MaterialMountVoided', ...asked }];
}

const UNSAID = { lot: null, quantity: null, mountedAt: null, unmountedAt: null, remaining: null };

const DETAILS = {
  'mount-voided': 'reported after its void',
  'mount-recorded-twice': 'the first record stands; void and replace it',
} as const;

const flagged = (mount: string, claim: Partial<Flagged>, code: keyof typeof DETAILS): MountEvent => ({
  type: 'MaterialMountFlagged',
  mount,
  ...UNSAID,
  ...claim,
  violations: [{ code, lot: claim.lot ?? null, detail: DETAILS[code] }],
});

const same = (a: MaterialMount['quantity'], b: MaterialMount['quantity']): boolean =>
  a?.value === b?.value && a?.unit === b?.unit;

const otherLot = (lot: string): Violation => ({ code: 'mount-lot-other', lot, detail: 'mounted and unmounted as different lots' }); // prettier-ignore

const backwards = (mountedAt: string, unmountedAt: string, lot: string | null): Violation[] =>
  unmountedAt < mountedAt
    ? [{ code: 'mount-time-absurd', lot, detail: `came off ${unmountedAt}, before it went on ${mountedAt}` }]
    : [];

function tooMuchLeft({ quantity, lot }: MaterialMount, { remaining }: Told<Unmounted>): Violation[] {
  if (quantity === null || remaining === null || quantity.unit !== remaining.unit) return [];
  const detail = `${remaining.value} ${remaining.unit} left of ${quantity.value}`;
  return Number(remaining.value) > Number(quantity.value) ? [{ code: 'mount-remaining-exceeds', lot, detail }] : [];
}

function overlaps({ others }: Around, told: Omit<MountedThere, 'lot'>): Violation[] {
  return overlapping(told, others).map(({ mount, lot }) => ({ code: 'mount-overlap', lot, detail: mount }));
}
