import { job, queue } from '@lotwarden/platform/jobs';
import { service } from '@lotwarden/platform/service';
import { answerRoutes } from './answer/answer.routes.ts';
import { config } from './config.ts';
import { deliverer } from './delivery/deliver.store.ts';
import { deliveryRoutes } from './delivery/delivery.routes.ts';
import { noticeIssued } from './delivery/notice-issued.consumer.ts';
import { webhookSender } from './delivery/webhook.client.ts';
import { endpointRoutes } from './endpoint/endpoint.routes.ts';
import { secretBox } from './endpoint/secret-box.mapper.ts';
import { openHouse } from './house.ts';
import { invariantRoutes } from './invariants.routes.ts';
import { messages } from './messages.ts';

export default service('notification', config, (deps) => {
  const { allowLoopback, sendTimeout, escalateAfter, answerUrl, endpointKey } = deps.config;
  const house = openHouse(deps);
  deps.collection('received_answers');
  const box = secretBox(endpointKey);
  const sender = webhookSender({ allowLoopback, timeout: sendTimeout });
  const { deliver, deliverDue } = deliverer({ deps, house, sender, box, answerUrl, escalateAfter });
  return {
    messages,
    http: [
      endpointRoutes({ deps, house, box, allowLoopback }),
      deliveryRoutes(house),
      answerRoutes({ deps, house, box }),
      invariantRoutes(house),
    ],
    consumers: [noticeIssued(house, deps)],
    queues: [queue({ name: 'deliver', concurrency: 32, handle: deliver })],
    jobs: [job({ name: 'deliver-due', every: 1_000, handle: deliverDue })],
    onStart: () => Promise.resolve(() => sender.close()),
  };
});
