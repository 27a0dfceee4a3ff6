import type { Characteristic } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import type { Work } from '@lotwarden/platform/store';
import type { InspectionWork } from '../inspection/inspections.store.ts';
import type { Specifications } from './specification.store.ts';

interface Needs {
  readonly specifications: Specifications;
  readonly inspecting: InspectionWork;
}

/** What parts and products must measure up to; lots that came before their specification are inspected now. */
export const specified = ({ specifications, inspecting }: Needs) => {
  const learn = async (work: Work, item: string, revision: string, characteristics: readonly Characteristic[]) => {
    const learnt = await specifications.learn(work, item, revision, characteristics);
    for (const waiting of learnt.lots)
      await inspecting.open(work, { ...waiting, characteristics: learnt.characteristics });
  };
  return [
    consumer({
      topic: 'receiving.part.v1',
      group: 'qms.specification',
      on: {
        PartSpecified: ({ event: { part, revision, characteristics } }, work) =>
          learn(work, part, revision, characteristics),
      },
    }),
    consumer({
      topic: 'mes-bridge.product.v1',
      group: 'qms.specification',
      on: {
        ProductSpecified: ({ event: { product, revision, characteristics } }, work) =>
          learn(work, product, revision, characteristics),
      },
    }),
  ];
};
