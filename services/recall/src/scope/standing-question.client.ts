import type { SourceOffset } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { LotBalance } from '../report/report.ts';

const Offsets = z.array(z.object({ topic: z.string(), partition: z.number(), next: z.number() }));
const Registered = z.looseObject({ sequence: z.number().int() });
const Evaluation = z.looseObject({
  sequence: z.number().int(),
  totalLots: z.number().int(),
  complete: z.boolean(),
  gaps: z.array(z.string()),
  offsets: Offsets,
});
const Quantity = z.object({ value: z.string(), unit: z.string() });
const Balances = z.looseObject({
  items: z.array(
    z.looseObject({
      lot: z.string(),
      unit: z.string(),
      buckets: z.looseObject({ unaccounted: Quantity }),
      remainders: z.array(z.looseObject({ where: z.string(), quantity: Quantity })),
      balanced: z.boolean(),
    }),
  ),
});

export interface Balanced {
  readonly items: readonly LotBalance[];
  /** Lots nobody has declared: nobody can say where they are. */
  readonly unknown: readonly string[];
}

const AT_ONCE = 1_000;
/** The other side waits 5 s for offsets it has not seen. */
const PATIENCE = 8_000;

/** What recall asks of traceability; each question may be asked again. */
export function traceability({ serviceClient }: Pick<Deps, 'serviceClient'>) {
  const client = serviceClient('traceability');

  async function balance(lots: readonly string[], unknown: readonly string[] = []): Promise<Balanced> {
    if (lots.length === 0) return { items: [], unknown };
    try {
      const { items } = await client.ask('/balances', { lots }, Balances);
      return { items, unknown };
    } catch (error) {
      const stranger = error instanceof Rejected && error.code === 'lot-unknown' ? error.detail['lot'] : undefined;
      if (typeof stranger !== 'string' || !lots.includes(stranger)) throw error;
      return balance(
        lots.filter((lot) => lot !== stranger),
        [...unknown, stranger],
      );
    }
  }

  return {
    register: async (question: string, roots: readonly string[], how: How): Promise<void> => {
      await client.ask('/standing-questions', { question, roots }, Registered, options(how));
    },
    evaluate: (question: string, minOffsets: readonly SourceOffset[], how: How) =>
      client.ask(
        `/standing-questions/${encodeURIComponent(question)}/evaluate`,
        { minOffsets },
        Evaluation,
        options(how),
      ),
    balances: async (lots: readonly string[]): Promise<Balanced> => {
      const parts: Balanced[] = [];
      for (let from = 0; from < lots.length; from += AT_ONCE)
        parts.push(await balance(lots.slice(from, from + AT_ONCE)));
      return { items: parts.flatMap(({ items }) => items), unknown: parts.flatMap(({ unknown }) => unknown) };
    },
  };
}

interface How {
  readonly signal: AbortSignal;
  /** Traceparent of what made us ask. */
  readonly trace: string | undefined;
}

const options = ({ signal, trace }: How) => ({ timeout: PATIENCE, signal, ...(trace !== undefined && { trace }) });

export type Traceability = ReturnType<typeof traceability>;
