import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate } from '@lotwarden/platform/store';
import { evolve, NO_CASE, type Case, type CaseEvent } from './case.ts';

export type Cases = Aggregate<Case, CaseEvent>;

export const caseStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Cases =>
  aggregate({
    collection: 'cases',
    topic: 'recall.case.v1',
    initial: NO_CASE,
    evolve,
    indexes: [{ key: { 'state.status': 1, _id: 1 } }],
  });
