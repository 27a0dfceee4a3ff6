import type { Characteristic } from '@lotwarden/contracts/events';
import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument, Work } from '@lotwarden/platform/store';
import type { Stage } from '../inspection/inspection.ts';

/** What an inspection of an item checks, by revision. */
interface Specification extends PlainDocument {
  readonly characteristics: readonly Characteristic[];
}

/** A lot whose specification was not heard yet: topics race each other. */
interface Waiting extends PlainDocument {
  readonly specification: string;
  readonly lot: string;
  readonly stage: Stage;
}

const SPECIFICATIONS = 'specifications';
const WAITING = 'waiting_for_specification';

const specificationId = (item: string, revision: string): string => `${item}|${revision}`;

export function specifications({ collection }: Pick<Deps, 'collection'>) {
  collection<Specification>(SPECIFICATIONS);
  const waiting = collection<Waiting>(WAITING, [{ key: { specification: 1 } }]);

  return {
    /** Keeps it, and tells which lots had been waiting for it. */
    async learn(work: Work, item: string, revision: string, characteristics: readonly Characteristic[]) {
      const id = specificationId(item, revision);
      const inspected = characteristics.filter(({ source }) => source === 'inspection');
      work.replace(SPECIFICATIONS, { _id: id, characteristics: inspected });
      const lots = await waiting.find({ specification: id }).toArray();
      for (const { _id } of lots) work.remove(WAITING, _id);
      return { characteristics: inspected, lots: lots.map(({ lot, stage }) => ({ lot, stage })) };
    },
    /** Undefined if it was not heard yet: then the lot is remembered as waiting for it. */
    async find(work: Work, wanted: { item: string; revision: string; lot: string; stage: Stage }) {
      const id = specificationId(wanted.item, wanted.revision);
      const found = (await work.read<Specification>(SPECIFICATIONS, [id])).get(id);
      if (found) return found.characteristics;
      const { lot, stage } = wanted;
      work.replace(WAITING, { _id: `${id}|${lot}|${stage}`, specification: id, lot, stage });
      return undefined;
    },
  };
}

export type Specifications = ReturnType<typeof specifications>;
