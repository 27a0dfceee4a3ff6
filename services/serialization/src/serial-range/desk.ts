import type { SerialRange } from '@lotwarden/contracts/events';
import { count, union } from '@lotwarden/platform/serial-range';
import type { Followed, SerialMove } from './followed-operation.ts';
import { evolve, NO_SERIALS, type LotSerialsEvent } from './lot-serials.ts';

/** Why serials cannot follow an operation as it was reported; a finding, the operation stands. */
export type Finding =
  | 'serial-in-other-lot'
  | 'serial-not-in-lot'
  | 'serial-not-commissioned'
  | 'serials-of-scrap-unknown'
  | 'serial-moved-on';

/** Where serials are while one operation is being followed, and what is said about it. */
export function openDesk(before: Followed, operation: string, serialsOf: (lot: string) => readonly SerialRange[]) {
  const now = new Map<string, readonly SerialRange[]>();
  const events: LotSerialsEvent[] = [];
  let moves = before.moves;
  let scrapped = before.scrapped;
  const findings = [...before.findings];
  const of = (lot: string): readonly SerialRange[] => now.get(lot) ?? serialsOf(lot);
  const say = (event: LotSerialsEvent): void => {
    now.set(event.lot, evolve({ ...NO_SERIALS, ranges: of(event.lot) }, event).ranges);
    events.push(event);
  };
  const counted = (some: readonly { readonly ranges: readonly SerialRange[] }[]): number =>
    count(some.flatMap(({ ranges }) => ranges));

  return {
    events,
    of,
    result: () => ({ moves, scrapped, findings }),
    /** What this operation moved or scrapped, now or before: it does so once, wherever the units are now. */
    accounted: (): SerialRange[] => [...moves, ...scrapped].flatMap(({ ranges }) => ranges),
    movedFrom: (lot: string): number => counted(moves.filter(({ from }) => from === lot)),
    movedTo: (lot: string): number => counted(moves.filter(({ to }) => to === lot)),
    move: ({ from, to, ranges }: SerialMove): void => {
      say({ type: 'SerialsMovedOut', lot: from, toLot: to, ranges, operation });
      say({ type: 'SerialsMovedIn', lot: to, fromLot: from, ranges, operation });
      moves = together(moves, { from, to, ranges });
    },
    scrap: (lot: string, ranges: readonly SerialRange[]): void => {
      say({ type: 'SerialsScrapped', lot, ranges, operation });
      scrapped = together(scrapped, { lot, ranges });
    },
    restore: (lot: string, ranges: readonly SerialRange[]): void => {
      say({ type: 'SerialsMovedIn', lot, fromLot: lot, ranges, operation });
    },
    /** Said once of the same serials. */
    find: (code: Finding, lot: string, ranges: readonly SerialRange[], otherLot: string | null, detail = ''): void => {
      const finding = JSON.stringify([code, lot, otherLot, ranges]);
      if (findings.includes(finding)) return;
      findings.push(finding);
      const words = [operation, otherLot ?? '', detail].filter((word) => word !== '').join(', ');
      say({ type: 'SerialConflictFound', lot, ranges, otherLot, violations: [{ code, lot, detail: words }] });
    },
  };
}

/** One entry for units that went the same way, however many times they came. */
function together<Way extends { readonly ranges: readonly SerialRange[] }>(ways: readonly Way[], way: Way): Way[] {
  const name = ({ ranges: _, ...places }: Way): string => JSON.stringify(places);
  const before = ways.find((each) => name(each) === name(way));
  return [...ways.filter((each) => each !== before), { ...way, ranges: union(before?.ranges ?? [], way.ranges) }];
}

export type Desk = ReturnType<typeof openDesk>;
