import type { LotLine, Signature, Violation } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { assertFree, holdViolations } from '@lotwarden/platform/gate';
import type { Stored, Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { lineFindings, refuseOnFinding } from '../shipment/check-line.ts';
import { sameGoods } from '../shipment/compare-lines.ts';
import { byLot } from '../shipment/expand-containers.ts';
import { disposable, first, only, takeAvailable, takeReported } from '../stock/take-stock.ts';
import type { Destruction } from './destruction.ts';

export interface Destroyed {
  readonly destruction: string;
  readonly site: string;
  readonly location: string;
  readonly destroyedAt: string;
  readonly witness: string;
  readonly lines: readonly LotLine[];
}

interface DestroyNow extends Destroyed {
  /** Of the witness. */
  readonly signature: Signature;
  /** The signed order, for held goods. */
  readonly order?: string | undefined;
}

const key = (id: string): string => `destruction|${id}`;
const ANYWHERE = { market: null, unreleased: true };

/** Unreleased goods may be destroyed before a witness; held ones by a signed order with a quantity (rule 22). */
export function destructionBooks({ destructions, stocks, places, orders, commanded }: House) {
  const record = (
    work: Work,
    facts: Destroyed & { readonly order: string | null; readonly signature: Signature | null },
    violations: readonly Violation[],
  ): Promise<Stored<Destruction>> =>
    work.append(destructions, facts.destruction, [{ type: 'GoodsDestroyed', ...facts, violations }]);

  return {
    async destroy(work: Work, { order: named, ...asked }: DestroyNow): Promise<Stored<Destruction>> {
      const [known] = await work.load(destructions, [asked.destruction]);
      if (known?.state.status === 'recorded') {
        const { site, witness, lines } = known.state;
        if (site === asked.site && witness === asked.witness && sameGoods(lines, asked.lines)) return known;
        throw new Rejected('destruction-already-recorded', { destruction: asked.destruction });
      }
      const lines = byLot(asked.lines);
      const direction = named === undefined ? undefined : { destination: 'destruction', order: named };
      const cause = { kind: 'destruction', id: asked.destruction };
      for (const line of lines)
        await work.change(stocks, line.lot, (stock, { id, holds }) => {
          if (stock.lot === '') throw new Rejected('lot-unknown', { lot: id }, 409);
          assertFree({ id, holds }, line.serials, 'destruction', direction);
          refuseOnFinding(lineFindings(stock, line, ANYWHERE));
          return takeAvailable(stock, 'StockDestroyed', { ...line, site: asked.site, cause }, only(asked.location));
        });
      if (named !== undefined)
        for (const { lot, quantity } of lines)
          await orders.use(work, named, {
            lot,
            quantity,
            purpose: 'destruction',
            site: asked.site,
            from: asked.location,
            cause,
          });
      commanded.mark(work, key(asked.destruction));
      return record(work, { ...asked, order: named ?? null, lines }, []);
    },
    async report(work: Work, fact: Destroyed, found: readonly Violation[]): Promise<void> {
      const [known] = await work.load(destructions, [fact.destruction]);
      const before = known?.state.status === 'recorded' ? known.state.lines : undefined;
      const { lines, doubts } = before
        ? await commanded.news(work, key(fact.destruction), before, fact.lines)
        : { lines: fact.lines, doubts: [] };
      if (before && lines.length === 0) return;
      const { kind } = await places.of(work, fact.site);
      const cause = { kind: 'destruction', id: fact.destruction };
      const violations = [...found, ...doubts];
      for (const line of lines) {
        const movement = { ...line, purpose: 'destruction', site: fact.site, from: fact.location, cause };
        const ordered = await orders.useAny(work, movement);
        const direction = ordered ? { destination: 'destruction', order: fact.destruction } : undefined;
        const { events } = await work.change(stocks, line.lot, (stock, { id, holds }) => {
          const broken = [
            ...holdViolations({ id, holds }, line.serials, 'destruction', direction),
            ...(stock.lot === '' ? [] : lineFindings(stock, line, ANYWHERE)),
          ];
          const taking = { ...line, site: fact.site, cause, violations: broken };
          return takeReported(stock, 'StockDestroyed', taking, first(fact.location, disposable(kind)), fact.location);
        });
        violations.push(...events.flatMap((event) => ('violations' in event ? event.violations : [])));
      }
      await record(work, { ...fact, order: null, signature: null, lines }, violations);
    },
  };
}

export type DestructionBooks = ReturnType<typeof destructionBooks>;
