import type { Epoch } from '../freeze/epoch.ts';
import type { IssuedNotice } from '../notice/notice.ts';
import { versionOf, type NoticeProgress } from '../notice/progress.ts';
import type { ScopeHead } from '../scope/scope.ts';
import type { OpenedCase } from './case.ts';

export interface CaseFacts {
  readonly recall: OpenedCase;
  readonly rev: number;
  readonly epochs: readonly Epoch[];
  readonly step: string;
  readonly waitingFor: readonly string[];
  readonly scope: { readonly lots: number; readonly custodians: number; readonly head: ScopeHead | undefined };
  readonly notices: readonly IssuedNotice[];
  readonly progress: readonly NoticeProgress[];
  readonly findings: number;
}

/** A case as a person wants to see it at a glance. */
export function caseView(facts: CaseFacts) {
  const { recall, rev, epochs, step, waitingFor, scope, findings } = facts;
  const latest = epochs.toSorted((a, b) => b.epoch - a.epoch)[0];
  const at = (epoch: number) => epochs.find((one) => one.epoch === epoch);
  const { frozen, contained, launch, closure } = recall;
  return {
    ...recall,
    launch: launch && { ...launch, signature: act(launch.signature) },
    closure: closure && { ...closure, signature: act(closure.signature) },
    epoch: latest?.epoch ?? 0,
    held: latest?.count ?? 0,
    digest: latest?.digest ?? '',
    draftedAt: at(1)?.placedAt ?? '',
    step,
    waitingFor,
    frozen: frozen && { ...frozen, at: at(frozen.epoch)?.frozenAt ?? null, current: frozen.epoch === latest?.epoch },
    contained: contained && { ...contained, at: at(contained.epoch)?.containedAt ?? null },
    scope: {
      lots: scope.lots,
      custodians: scope.custodians,
      sequence: scope.head?.sequence ?? 0,
      complete: scope.head?.complete ?? false,
      gaps: scope.head?.gaps ?? [],
    },
    notices: noticeCounts(facts),
    findings,
    rev,
  };
}

const act = <S extends { readonly jws: string }>({ jws: _, ...rest }: S): Omit<S, 'jws'> => rest;

/** At their latest version. */
function noticeCounts({ notices, progress }: CaseFacts) {
  const ways = notices.map(({ notice, status, version }) => ({
    status,
    way: versionOf(
      progress.find((one) => one.notice === notice),
      version,
    ),
  }));
  return {
    issued: ways.length,
    delivered: ways.filter(({ way }) => way.delivered !== null).length,
    escalated: ways.filter(({ way }) => way.escalated !== null).length,
    answered: ways.filter(({ way }) => way.answers.length > 0).length,
    closed: ways.filter(({ status }) => status === 'closed').length,
  };
}
