import { eventually } from './eventually.ts';
import type { Notice } from './outside/distributor.ts';
import type { World } from './world.ts';

export const GATES = ['receiving', 'mes-bridge', 'serialization', 'warehouse', 'qms'] as const;

export interface RecallCase {
  readonly case: string;
  readonly status: string;
  readonly hold: string;
  readonly roots: readonly string[];
  readonly epoch: number;
  readonly held: number;
  readonly step: string;
  readonly waitingFor: readonly string[];
  readonly frozen: {
    readonly epoch: number;
    readonly elapsedMs: number;
    readonly gates: readonly string[];
    readonly current: boolean;
  } | null;
  readonly contained: { readonly epoch: number; readonly rounds: number } | null;
  readonly scope: { readonly lots: number; readonly custodians: number; readonly complete: boolean };
  readonly closure: { readonly explanation: string | null } | null;
}

export interface Scope {
  readonly lots: readonly {
    readonly lot: string;
    readonly certainty: string;
    readonly path: readonly { readonly lot: string }[];
  }[];
  readonly custodians: readonly {
    readonly custodian: string;
    readonly lines: readonly { readonly lot: string; readonly quantity: { readonly value: string } }[];
  }[];
  readonly offsets: readonly unknown[];
  readonly complete: boolean;
  readonly gaps: readonly string[];
}

export interface NoticeView {
  readonly notice: string;
  readonly party: string;
  readonly status: string;
  readonly version: number;
  readonly answerBy: string;
  readonly lines: readonly { readonly lot: string; readonly quantity: { readonly value: string } }[];
  readonly versions: readonly {
    readonly version: number;
    readonly delivered: { readonly at: string; readonly attempt: number } | null;
    readonly failures: number;
    readonly escalated: string | null;
    readonly answers: readonly { readonly respondent: string; readonly late: boolean; readonly answeredAt: string }[];
  }[];
}

export interface Finding {
  readonly code: string;
  readonly subject: string;
  readonly detail: string;
}

/** Reads about one case, as the recall manager. */
export function recallReader(world: World, id: string) {
  const manager = world.as['recall.chen'];
  const read = () => manager.get<RecallCase>(`recall/cases/${id}`);
  const scope = () => manager.get<Scope>(`recall/cases/${id}/scope`);
  const notices = async () =>
    (await manager.get<{ items: NoticeView[] }>(`recall/cases/${id}/notices?limit=100`)).items;
  const findings = async () => (await manager.get<{ items: Finding[] }>(`recall/cases/${id}/findings?limit=200`)).items;
  return {
    id,
    read,
    scope,
    notices,
    findings,
    /** Every gate has the hold as it is now, and nothing more is affected. */
    contained: () =>
      eventually(
        'the recall to be contained',
        read,
        ({ epoch, frozen, contained }) =>
          frozen?.epoch === epoch && frozen.current && contained !== null && contained.epoch === epoch,
      ),
    /** A version of a party's notice, once it was taken by its endpoint. */
    delivered: async (party: string, version: number): Promise<NoticeView> => {
      const all = await eventually(`notice ${version} to ${party} to be taken`, notices, (found) =>
        found.some(
          (one) => one.party === party && one.versions.some((v) => v.version === version && v.delivered !== null),
        ),
      );
      return present(all.find((one) => one.party === party));
    },
    /** What a party's endpoint verified of one version. */
    received: (party: keyof World['consignees'], version: number): Promise<Notice> =>
      eventually(
        `${party} to receive version ${version}`,
        () => Promise.resolve(world.consignees[party].notices.find((notice) => notice.version === version)),
        (notice) => notice !== undefined,
      ).then(present),
    finding: (code: string, subject: string): Promise<Finding> =>
      eventually(`finding ${code} about ${subject}`, findings, (found) =>
        found.some((one) => one.code === code && one.subject === subject),
      ).then((found) => present(found.find((one) => one.code === code && one.subject === subject))),
  };
}

export type RecallReader = ReturnType<typeof recallReader>;

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it was there a moment ago');
  return value;
}
