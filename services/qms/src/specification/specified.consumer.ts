import type { Characteristic } from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import type { InspectionWork } from '../inspection/inspections.store.ts';
import { learnSpecification, specificationId } from './specification.ts';

interface Needs {
  readonly house: Pick<House, 'specifications'>;
  readonly inspecting: InspectionWork;
}

/** What parts and products must measure up to; lots that came before their specification are inspected now. */
export const specified = ({ house: { specifications }, inspecting }: Needs) => {
  const learn = async (work: Work, item: string, revision: string, characteristics: readonly Characteristic[]) => {
    const id = specificationId(item, revision);
    const [before] = await work.load(specifications, [id]);
    const { state } = await work.append(specifications, id, learnSpecification(characteristics));
    for (const waiting of before?.state.waiting ?? [])
      await inspecting.open(work, { ...waiting, characteristics: state.characteristics ?? [] });
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
