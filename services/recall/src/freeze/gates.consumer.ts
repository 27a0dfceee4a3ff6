import { consumer, type Consumer } from '@lotwarden/platform/consumer';
import type { Instant } from '@lotwarden/platform/instant';
import type { Freezes } from './freeze.store.ts';
import { GATES } from './gate-life.ts';

/** What the gates say about holds; one consumer per gate, as each has a topic of its own. */
export const gateWords = ({ freezes, nudge }: { freezes: Freezes; nudge: () => void }): Consumer[] =>
  GATES.map((gate) =>
    consumer({
      topic: `${gate}.gate.v1`,
      group: 'recall.freeze',
      on: {
        HoldAcknowledged: ({ event, recordedAt }, work) =>
          freezes.hearAcknowledged(work, event, recordedAt as Instant).finally(nudge),
        GateDrained: ({ event, recordedAt }, work) =>
          freezes.hearDrained(work, event, recordedAt as Instant).finally(nudge),
      },
    }),
  );
