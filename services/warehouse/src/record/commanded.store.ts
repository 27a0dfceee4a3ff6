import type { LotLine } from '@lotwarden/contracts/events';
import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument, Work } from '@lotwarden/platform/store';
import { beyondCommand, unheard, type News } from '../shipment/compare-lines.ts';

const COLLECTION = 'commanded_records';

/** What messages have told so far of a record that began as a command. */
interface Commanded extends PlainDocument {
  readonly told: readonly LotLine[];
}

/**
 * Which records began as a command. The outside system then reports the same goods as a fact: that confirms them and
 * moves nothing twice. A record that began as a fact grows by what each further message tells.
 */
export function openCommanded({ collection }: Pick<Deps, 'collection'>) {
  collection<Commanded>(COLLECTION);
  return {
    mark: (work: Work, record: string): void => {
      work.insert(COLLECTION, { _id: record, told: [] });
    },
    async news(work: Work, record: string, recorded: readonly LotLine[], reported: readonly LotLine[]): Promise<News> {
      const commanded = (await work.read<Commanded>(COLLECTION, [record])).get(record);
      if (!commanded) return unheard(recorded, reported);
      const { told, ...news } = beyondCommand(recorded, commanded.told, reported);
      work.replace(COLLECTION, { _id: record, told });
      return news;
    },
  };
}
