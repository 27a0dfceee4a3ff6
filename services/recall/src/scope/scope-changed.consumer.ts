import { consumer } from '@lotwarden/platform/consumer';
import type { Scopes } from './scope.store.ts';

/** What traceability finds widens scope, hold and notices by itself; nothing here makes any of them smaller. */
export const scopeChanged = ({ scopes, nudge }: { scopes: Scopes; nudge: () => void }) =>
  consumer({
    topic: 'traceability.scope.v1',
    group: 'recall.scope',
    on: { ScopeChanged: ({ event }, work) => scopes.add(work, event).finally(nudge) },
  });
