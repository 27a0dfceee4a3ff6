import type { SecretBox } from '@lotwarden/platform/secret-box';
import type { Deps } from '@lotwarden/platform/service';
import { inStoredTrace } from '@lotwarden/platform/telemetry/spans';
import type { Work } from '@lotwarden/platform/store';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { DUE, type DueDocument, type House, type NoticeDocument } from '../house.ts';
import {
  escalate,
  escalationsOf,
  NO_DELIVERY,
  pauseAfter,
  reachOf,
  type Delivery,
  type DeliveryEvent,
} from './delivery.ts';
import { LOOK_AGAIN, spreadOver } from './spread.store.ts';
import type { Sent, WebhookSender } from './webhook.client.ts';

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock' | 'wake' | 'log' | 'random'>;
  readonly house: House;
  readonly sender: WebhookSender;
  readonly box: SecretBox;
  readonly answerUrl: string;
  readonly escalateAfter: number;
}

const LEASE = 60_000;
const ACTOR = { actor: 'notification' };

type Active = Exclude<Endpoint, { status: 'unknown' }>;

/** Sends what is due. The lease comes first, in MongoDB: of two workers woken for the same delivery one sends. */
export function deliverer({ deps, house, sender, box, answerUrl, escalateAfter }: Needs) {
  const { work, clock, wake, log, random } = deps;
  const { due, notices, endpoints, deliveries } = house;

  async function deliver(id: string): Promise<void> {
    const now = clock.now();
    const leasedUntil = new Date(now.getTime() + LEASE);
    const task = await due.findOneAndUpdate(
      { _id: id, dueAt: { $lte: now }, leasedUntil: { $lte: now } },
      { $set: { leasedUntil } },
    );
    if (!task) return;
    const stored = await notices.findOne({ _id: task.delivery });
    if (!stored) throw new Error(`${task.delivery} is due but was never issued`);
    await inStoredTrace(`${task.step} notice`, stored.trace, async (trace) => {
      const notice = { ...stored, trace: trace ?? null };
      if (task.step === 'await-answer') await missAnswer(task, notice);
      else if (task.step === 'send') await send(task, notice);
      else await spread(task, notice);
    });
  }

  /** Nobody has taken it yet: who could by now is told, and where nobody could, a person is. */
  async function spread({ _id: delivery }: DueDocument, notice: NoticeDocument): Promise<void> {
    const { notice: name, version, party } = notice.issued;
    const now = clock.now();
    const ifNone = new Date(now.getTime() + LOOK_AGAIN);
    const sends = await work(contextOf(notice), async (unit) => {
      const current = (await unit.read<DueDocument>(DUE, [delivery])).get(delivery);
      if (current?.step !== 'spread') return [];
      const looked = await spreadOver(house, unit, { delivery, notice: name, version, party, now, ifNone });
      if (!looked.reachable)
        await unit.change(deliveries, delivery, (known) => escalate(known, named(notice), 'no-endpoint'));
      return looked.sends;
    });
    for (const one of sends) void wake('deliver', one);
  }

  async function send(task: DueDocument, notice: NoticeDocument): Promise<void> {
    const endpoint = (await endpoints.get(task.endpoint ?? ''))?.state;
    if (endpoint?.status !== 'active') {
      // Gone meanwhile. If nobody else takes the notice, the delivery's own look finds out whom else to tell.
      await note(task, notice, () => [], undefined);
      return;
    }
    const at = clock.now();
    const secrets = unsealed(endpoint);
    if (secrets === undefined) {
      // Nothing can be signed, so nobody is told by machine: a person has to call, now.
      log.error({ delivery: task._id, endpoint: endpoint.endpoint }, 'the secret of an endpoint cannot be opened');
      const escalation = (known: Delivery) => escalate(known, named(notice), 'endpoint-secret-unreadable');
      await note(task, notice, escalation, later(task, LOOK_AGAIN));
      return;
    }
    const body = JSON.stringify(bodyOf(notice, answerUrl));
    const { url } = endpoint;
    const sent = await sender.send({ id: task.delivery, url, secrets, body, now: at, trace: notice.trace });
    await (sent.taken ? taken(task, notice, endpoint) : refused(task, notice, endpoint, sent));
  }

  /** Undefined where the key has changed since they were sealed, or the database has. */
  function unsealed({ endpoint, sealedSecrets }: Active): string[] | undefined {
    try {
      return sealedSecrets.map((sealed) => box.open(sealed, endpoint));
    } catch (error) {
      log.warn({ err: error }, 'a sealed secret does not open');
      return undefined;
    }
  }

  async function taken(task: DueDocument, notice: NoticeDocument, { endpoint }: Active): Promise<void> {
    const deliveredAt = clock.instant();
    await note(
      task,
      notice,
      (known) => {
        const attempt = reachOf(known, endpoint).attempts + 1;
        return [{ type: 'NoticeDelivered', ...named(notice), endpoint, attempt, deliveredAt }];
      },
      undefined,
      async (unit) => {
        // The first to take it: no more looking for others, but for the answer.
        const own = (await unit.read<DueDocument>(DUE, [task.delivery])).get(task.delivery);
        const dueAt = new Date(notice.issued.answerBy);
        if (own?.step === 'spread') unit.replace(DUE, { ...own, step: 'await-answer', dueAt, leasedUntil: dueAt });
      },
    );
  }

  async function refused(
    task: DueDocument,
    notice: NoticeDocument,
    { endpoint }: Active,
    sent: Extract<Sent, { taken: false }>,
  ): Promise<void> {
    const { error, gone, retryAfter } = sent;
    const now = clock.now();
    const late = now.getTime() - Date.parse(notice.issued.issuedAt) > escalateAfter;
    const known = (await deliveries.get(task.delivery))?.state ?? NO_DELIVERY;
    const attempt = reachOf(known, endpoint).attempts + 1;
    const pause = pauseAfter(attempt, retryAfter) * (0.9 + random.fraction() / 5);
    const nextAttemptAt = new Date(now.getTime() + pause);
    log.warn({ delivery: task.delivery, endpoint, attempt, error }, 'notice not taken');
    await note(
      task,
      notice,
      (state) => [
        {
          type: 'NoticeDeliveryFailed',
          ...named(notice),
          endpoint,
          attempt: reachOf(state, endpoint).attempts + 1,
          error,
          nextAttemptAt: nextAttemptAt.toISOString(),
        },
        ...escalationsOf(state, named(notice), { late, gone }),
      ],
      gone ? undefined : { ...task, dueAt: nextAttemptAt, leasedUntil: nextAttemptAt },
      gone ? (unit) => unit.append(endpoints, endpoint, [{ type: 'EndpointGone' }]) : undefined,
    );
    if (!gone) void wake('deliver', task._id, { delay: pause, attempt });
  }

  async function missAnswer(task: DueDocument, notice: NoticeDocument): Promise<void> {
    await note(
      task,
      notice,
      (known) => (known.answers.length > 0 ? [] : escalate(known, named(notice), 'unanswered')),
      undefined,
    );
  }

  const later = (task: DueDocument, pause: number): DueDocument => {
    const dueAt = new Date(clock.now().getTime() + pause);
    return { ...task, dueAt, leasedUntil: dueAt };
  };

  /** What was found goes with what is to be done next, in one transaction; a version that was overtaken is not revived. */
  const note = (
    task: DueDocument,
    notice: NoticeDocument,
    decide: (known: Delivery) => DeliveryEvent[],
    next: DueDocument | undefined,
    besides?: (unit: Work) => Promise<unknown>,
  ) =>
    work(contextOf(notice), async (unit) => {
      await unit.change(deliveries, task.delivery, decide);
      await besides?.(unit);
      const current = (await unit.read<DueDocument>(DUE, [task._id])).get(task._id);
      if (!current) return;
      if (next) unit.replace(DUE, next);
      else unit.remove(DUE, task._id);
    });

  return {
    deliver,
    /** Whatever is due now, whoever forgot to wake for it. */
    async deliverDue(): Promise<void> {
      const now = clock.now();
      const found = await due
        .find({ dueAt: { $lte: now }, leasedUntil: { $lte: now } })
        .limit(200)
        .toArray();
      await Promise.all(found.map(({ _id }) => deliver(_id)));
    },
  };
}

const contextOf = ({ trace }: NoticeDocument) => ({ ...ACTOR, trace: trace ?? undefined });

const named = ({ issued: { notice, version, case: recall, party } }: NoticeDocument) => ({
  notice,
  version,
  case: recall,
  party,
});

/** What a custodian reads: only its own goods. */
const bodyOf = ({ issued: { type: _, ...issued } }: NoticeDocument, answerUrl: string) => ({
  type: 'recall.notice',
  ...issued,
  answerUrl,
});
