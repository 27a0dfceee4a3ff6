import type { Quantity } from '@lotwarden/contracts/events';
import { add, isZero } from '@lotwarden/platform/quantity';
import { recordHash } from '@lotwarden/platform/signature';
import type { OpenedCase } from '../case/case.ts';
import type { CaseFinding } from '../finding/finding.ts';
import type { Epoch, GateWord } from '../freeze/epoch.ts';
import type { HoldRelease } from '../hold/hold.ts';
import type { IssuedNotice } from '../notice/notice.ts';
import { versionOf, type NoticeProgress } from '../notice/progress.ts';
import type { ScopedCustodian, ScopedLot, ScopeHead } from '../scope/scope.ts';

/** The part of a lot's balance that a recall looks at; traceability says more, and all of it is kept. */
export interface LotBalance {
  readonly lot: string;
  readonly unit: string;
  readonly buckets: { readonly unaccounted: Quantity };
  /** Where two books differ. */
  readonly remainders: readonly { readonly where: string; readonly quantity: Quantity }[];
  readonly balanced: boolean;
  readonly [more: string]: unknown;
}

export interface CaseRecords {
  readonly recall: OpenedCase;
  readonly head: ScopeHead | undefined;
  readonly lots: readonly ScopedLot[];
  readonly custodians: readonly ScopedCustodian[];
  readonly epochs: readonly Epoch[];
  readonly words: readonly GateWord[];
  readonly notices: readonly IssuedNotice[];
  readonly progress: readonly NoticeProgress[];
  readonly findings: readonly CaseFinding[];
  readonly releases: readonly HoldRelease[];
  readonly balances: readonly LotBalance[];
}

/** Everything on record about a case, in one order only: the same records give the same bytes, and so the same hash. */
export function reportOf(records: CaseRecords) {
  const { recall, head, lots, custodians, epochs, words, notices, progress, findings, releases, balances } = records;
  const { closure: _, status: __, frozen, contained, launch, ...facts } = recall;
  return {
    format: 'lotwarden.recall-report/1',
    ...facts,
    launch,
    frozen,
    contained,
    scope: {
      answer: head ?? null,
      lots: by(lots, ({ lot }) => lot),
      custodians: by(custodians, ({ custodian }) => custodian).map(({ custodian, lines }) => ({ custodian, lines })),
    },
    epochs: [...epochs].sort((a, b) => a.epoch - b.epoch),
    gates: by(words, ({ gate, epoch }) => `${gate}|${String(epoch).padStart(9, '0')}`),
    notices: by(notices, ({ notice }) => notice).map((notice) => ({
      ...notice,
      versions: progress.find((one) => one.notice === notice.notice)?.versions ?? [],
    })),
    findings: by(findings, ({ raisedAt, code, subject, detail }) => [raisedAt, code, subject, detail].join('|')),
    releases: [...releases].sort((a, b) => a.epoch - b.epoch),
    balance: { lots: by(balances, ({ lot }) => lot), remainder: remainderOf(balances) },
  };
}

export type Report = ReturnType<typeof reportOf>;

export const reportHash = (report: Report): string => recordHash(report);

/**
 * What nobody can account for, per unit; empty = zero. Neither two lots' nor two books' differences cancel each other
 * out: what is missing here and found there is explained by a person.
 */
export function remainderOf(balances: readonly LotBalance[]): Quantity[] {
  const perUnit = new Map<string, Quantity>();
  for (const { value, unit } of balances.flatMap(differences)) {
    const missing = { value: value.replace(/^-/, ''), unit };
    const known = perUnit.get(unit);
    perUnit.set(unit, known ? add(known, missing) : missing);
  }
  return by(
    [...perUnit.values()].filter((quantity) => !isZero(quantity)),
    ({ unit }) => unit,
  );
}

const differences = ({ remainders, buckets }: LotBalance): Quantity[] =>
  remainders.length > 0 ? remainders.map(({ quantity }) => quantity) : [buckets.unaccounted];

/** Notices that still ask: not answered at their latest version, and not closed by a person. */
export const unanswered = (notices: readonly IssuedNotice[], progress: readonly NoticeProgress[]): string[] =>
  by(notices, ({ notice }) => notice).flatMap(({ notice, status, version }) => {
    const way = progress.find((one) => one.notice === notice);
    return status === 'closed' || versionOf(way, version).answers.length > 0 ? [] : [notice];
  });

const by = <T>(items: readonly T[], key: (item: T) => string): T[] =>
  [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
