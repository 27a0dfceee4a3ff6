import { outgoing, type OutgoingSettings, type Sent } from '@lotwarden/platform/outgoing';
import { Webhook } from 'standardwebhooks';

export type { Sent } from '@lotwarden/platform/outgoing';

export interface WebhookSender {
  send(message: {
    readonly id: string;
    readonly url: string;
    readonly secrets: readonly string[];
    readonly body: string;
    readonly now: Date;
    /** The traceparent it goes on in. */
    readonly trace: string | null;
  }): Promise<Sent>;
  close(): Promise<void>;
}

/** Standard Webhooks: the id is stable over attempts, the timestamp is of the attempt. */
export function webhookSender(settings: OutgoingSettings): WebhookSender {
  const { post, close } = outgoing(settings);
  return {
    send: ({ id, url, secrets, body, now, trace }) => {
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
      };
      return post({ url, headers, body, trace });
    },
    close,
  };
}
