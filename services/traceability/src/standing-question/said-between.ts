import type { EventOf, ScopeCustodian, ScopeLot } from '@lotwarden/contracts/events';

type ScopeChanged = Extract<EventOf<'traceability.scope.v1'>, { type: 'ScopeChanged' }>;

/** What was said, and when. */
export interface Said {
  readonly event: Pick<ScopeChanged, 'sequence' | 'lots' | 'custodians'>;
  readonly recordedAt: string;
}

/** Something that was said for the first time, or otherwise than before. */
export interface SaidChange {
  readonly what: 'lot' | 'custodian';
  readonly subject: string;
  /** A custodian that has nothing left went. Lots that leave the scope stay said: only people narrow. */
  readonly change: 'came' | 'went' | 'changed';
  /** Of what was said last. */
  readonly sequence: number;
  readonly recordedAt: string;
  readonly before: ScopeLot | ScopeCustodian | null;
  readonly after: ScopeLot | ScopeCustodian;
}

interface Line {
  readonly what: SaidChange['what'];
  readonly subject: string;
  readonly line: ScopeLot | ScopeCustodian;
  readonly sequence: number;
  readonly recordedAt: string;
}

/** What whoever had heard everything up to `from` hears new up to `to`, both inclusive of what was said with that number. */
export function saidBetween(said: readonly Said[], from: number, to: number): SaidChange[] {
  const known = latest(said.filter(({ event }) => event.sequence <= from));
  const news = latest(said.filter(({ event }) => event.sequence > from && event.sequence <= to));
  return [...news.entries()].map(([key, { what, subject, line, sequence, recordedAt }]) => {
    const before = known.get(key)?.line ?? null;
    const change = before === null ? 'came' : 'lines' in line && line.lines.length === 0 ? 'went' : 'changed';
    return { what, subject, change, sequence, recordedAt, before, after: line };
  });
}

function latest(said: readonly Said[]): Map<string, Line> {
  const lines = said.flatMap(({ event: { sequence, lots, custodians }, recordedAt }): Line[] => [
    ...lots.map((line) => ({ what: 'lot' as const, subject: line.lot, line, sequence, recordedAt })),
    ...custodians.map((line) => ({ what: 'custodian' as const, subject: line.custodian, line, sequence, recordedAt })),
  ]);
  return new Map(lines.sort((a, b) => a.sequence - b.sequence).map((one) => [`${one.what}|${one.subject}`, one]));
}
