import { createHash } from 'node:crypto';
import { Rejected } from '@lotwarden/platform/errors';
import type { Gap } from '../trace/completeness.ts';
import { stands, type GapEvent, type GapWork } from './gap.ts';
import { ruleFor, sourceOfGap, type GapRule } from './rules.ts';

/** The same gap has the same id whenever, and however large, it comes. */
export const gapId = ({ kind, subject }: Pick<Gap, 'kind' | 'subject'>): string =>
  `GAP-${createHash('sha256').update(`${kind}|${subject}`).digest('hex').slice(0, 16)}`;

const HOUR = 3_600_000;

/** It stands: opened when it is new, reopened when it has come back. */
export function openGap(known: GapWork, gap: Gap, rules: readonly GapRule[], since: string): GapEvent[] {
  if (stands(known)) return [];
  const source = sourceOfGap(gap);
  const { team, hours } = ruleFor(rules, gap, source);
  const dueAt = new Date(Date.parse(since) + hours * HOUR).toISOString();
  const { kind, subject, detail } = gap;
  const id = gapId(gap);
  return known.status === 'unknown'
    ? [{ type: 'GapOpened', gap: id, kind, subject, detail, source, team, since, dueAt }]
    : [{ type: 'GapReopened', gap: id, detail, team, since, dueAt }];
}

/** What was missing is there. */
export const closeGap = (known: GapWork): GapEvent[] => (stands(known) ? [{ type: 'GapClosed', gap: known.gap }] : []);

interface Who {
  readonly by: string;
  readonly at: string;
}

/** Takes it, gives it to somebody or, with null, back. Throws `gap-unknown`, `gap-closed`. */
export function assignGap(
  known: GapWork,
  gap: string,
  to: { assignee: string | null; reason: string } & Who,
): GapEvent[] {
  mustStand(known, gap);
  return known.assignee === to.assignee ? [] : [{ type: 'GapAssigned', gap, ...to }];
}

/** Throws `gap-unknown`, `gap-closed`. */
export function commentGap(known: GapWork, gap: string, said: { comment: string } & Who): GapEvent[] {
  mustStand(known, gap);
  return [{ type: 'GapCommented', gap, ...said }];
}

/** Throws `gap-unknown`, `gap-closed`, `gap-due-in-past`. */
export function postponeGap(known: GapWork, gap: string, to: { dueAt: string; reason: string } & Who): GapEvent[] {
  mustStand(known, gap);
  if (to.dueAt <= to.at) throw new Rejected('gap-due-in-past', { gap, dueAt: to.dueAt });
  return known.dueAt === to.dueAt ? [] : [{ type: 'GapPostponed', gap, ...to }];
}

function mustStand(known: GapWork, gap: string): void {
  if (known.status === 'unknown') throw new Rejected('gap-unknown', { gap });
  if (known.status === 'closed') throw new Rejected('gap-closed', { gap });
}
