import type { LotLine } from '@lotwarden/contracts/events';
import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument, Work } from '@lotwarden/platform/store';
import { beyond, unheard } from '../shipment/compare-lines.ts';

const COLLECTION = 'commanded_records';

/**
 * Which records began as a command. The outside system then reports the same goods as a fact: that confirms them and
 * moves nothing twice. A record that began as a fact grows by whatever further message names new lines.
 */
export function openCommanded({ collection }: Pick<Deps, 'collection'>) {
  collection<PlainDocument>(COLLECTION);
  return {
    mark: (work: Work, record: string): void => {
      work.insert(COLLECTION, { _id: record });
    },
    async news(work: Work, record: string, recorded: readonly LotLine[], reported: readonly LotLine[]) {
      const commanded = (await work.read(COLLECTION, [record])).has(record);
      return commanded ? beyond(recorded, reported) : unheard(recorded, reported);
    },
  };
}
