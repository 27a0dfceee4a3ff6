import { consumer } from '@lotwarden/platform/consumer';
import { GROUP, type House } from '../house.ts';

export const containersDescribed = ({ containers }: Pick<House, 'containers'>) =>
  consumer({
    topic: 'serialization.container.v1',
    group: GROUP,
    on: {
      ContainerPacked: ({ event, version }, work) => work.append(containers, event.container, [{ ...event, version }]),
      ContainerSealed: ({ event, version }, work) => work.append(containers, event.container, [{ ...event, version }]),
      ContainerUnpacked: ({ event, version }, work) =>
        work.append(containers, event.container, [{ ...event, version }]),
    },
  });
