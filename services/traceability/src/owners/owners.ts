import { FACT_TOPICS } from '../genealogy/facts.ts';

/**
 * Whoever publishes what the graph is made of, in the order in which one's facts lead to facts of the next. Asked in this
 * order, none is asked before everything that it has to have read is published.
 */
export const OWNERS = ['qms', 'receiving', 'mes-bridge', 'serialization', 'warehouse', 'field'] as const;
export type Owner = (typeof OWNERS)[number];

/** What may hide a fact: reports of outside systems, and the facts that others are derived from. */
export const WATCHED_TOPICS = ['mes.inbound.v1', 'wms.inbound.v1', 'lims.inbound.v1', ...FACT_TOPICS] as const;

interface OfReader {
  readonly topic: string;
  readonly count: number;
}

export interface Missing {
  readonly unread: readonly OfReader[];
  readonly parked: readonly OfReader[];
  readonly unpublished: readonly OfReader[];
}

/** What an owner says others cannot see yet, by name (correctness rule 25). */
export const gapsAt = (owner: Owner | 'traceability', { unread, parked, unpublished }: Missing): string[] => [
  ...perTopic('owner-unread', owner, unread),
  ...perTopic('owner-parked', owner, parked),
  ...perTopic('owner-unpublished', owner, unpublished),
];

export const unheard = (owner: Owner): string => `owner-unheard ${owner}`;

const perTopic = (what: string, owner: string, of: readonly OfReader[]): string[] =>
  [...Map.groupBy(of, ({ topic }) => topic)].map(
    ([topic, all]) => `${what} ${owner} ${topic} (${String(all.reduce((sum, { count }) => sum + count, 0))})`,
  );

/** A gap without how large it is: only a gap that comes or goes is news. */
export const nameOfGap = (gap: string): string =>
  gap.replace(/ (\(\d+\)|up to \d+)$/, '').replace(/^and \d+ more/, 'and more');
