import { job, queue } from '@lotwarden/platform/jobs';
import { secretBox } from '@lotwarden/platform/secret-box';
import { service } from '@lotwarden/platform/service';
import { answerRoutes } from './answer/answer.routes.ts';
import { config } from './config.ts';
import { deliverer } from './delivery/deliver.store.ts';
import { deliveryRoutes } from './delivery/delivery.routes.ts';
import { noticeIssued } from './delivery/notice-issued.consumer.ts';
import { webhookSender } from './delivery/webhook.client.ts';
import { endpointRoutes } from './endpoint/endpoint.routes.ts';
import { openHouse } from './house.ts';
import { everyNoticeGoesOn } from './invariants.store.ts';
import { messages } from './messages.ts';

export default service('notification', config, async (deps) => {
  const { allowLoopback, sendTimeout, escalateAfter, answerUrl, endpointKey } = deps.config;
  const house = openHouse(deps);
  deps.collection('received_answers');
  const box = await secretBox(endpointKey, 'notification.endpoint');
  const sender = webhookSender({ allowLoopback, timeout: sendTimeout });
  const { deliver, deliverDue } = deliverer({ deps, house, sender, box, answerUrl, escalateAfter });
  return {
    messages,
    http: [
      endpointRoutes({ deps, house, box, allowLoopback }),
      deliveryRoutes(house),
      answerRoutes({ deps, house, box }),
    ],
    invariants: () => everyNoticeGoesOn(house),
    consumers: [noticeIssued(house, deps)],
    queues: [queue({ name: 'deliver', concurrency: 32, handle: deliver })],
    jobs: [job({ name: 'deliver-due', every: 1_000, handle: deliverDue })],
    onStart: () => Promise.resolve(() => sender.close()),
  };
});
