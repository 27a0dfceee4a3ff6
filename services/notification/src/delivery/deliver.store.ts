import type { Deps } from '@lotwarden/platform/service';
import { inTrace } from '@lotwarden/platform/telemetry/spans';
import type { Work } from '@lotwarden/platform/store';
import type { SecretBox } from '../endpoint/secret-box.mapper.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { DUE, type DueDocument, type House, type NoticeDocument } from '../house.ts';
import { escalate, pauseAfter, type Delivery, type DeliveryEvent } from './delivery.ts';
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
    const notice = await notices.findOne({ _id: id });
    if (!notice) throw new Error(`${id} is due but was never issued`);
    await inTrace(notice.trace ?? undefined, () =>
      task.step === 'send' ? send(task, notice) : missAnswer(task, notice),
    );
  }

  async function send(task: DueDocument, notice: NoticeDocument): Promise<void> {
    const { issued } = notice;
    const { items } = await endpoints.find({ 'state.party': issued.party, 'state.status': 'active' }, { limit: 1 });
    const endpoint = items[0]?.state;
    if (endpoint?.status !== 'active') {
      await note(task, notice, (known) => escalate(known, named(notice), 'no-endpoint'), later(task, 60_000));
      return;
    }
    const at = clock.now();
    const secrets = unsealed(endpoint);
    if (secrets === undefined) {
      // Nothing can be signed, so nobody is told by machine: a person has to call, now.
      log.error({ delivery: task._id, endpoint: endpoint.endpoint }, 'the secret of an endpoint cannot be opened');
      const escalation = (known: Delivery) => escalate(known, named(notice), 'endpoint-secret-unreadable');
      await note(task, notice, escalation, later(task, 60_000));
      return;
    }
    const body = JSON.stringify(bodyOf(notice, answerUrl));
    const sent = await sender.send({ id: task._id, url: endpoint.url, secrets, body, now: at });
    await (sent.taken ? taken(task, notice, endpoint) : refused(task, notice, endpoint, sent));
  }

  /** Undefined where the key has changed since they were sealed, or the database has. */
  function unsealed({ sealedSecrets }: Active): string[] | undefined {
    try {
      return sealedSecrets.map((sealed) => box.open(sealed));
    } catch (error) {
      log.warn({ err: error }, 'a sealed secret does not open');
      return undefined;
    }
  }

  async function taken(task: DueDocument, notice: NoticeDocument, { endpoint }: Active): Promise<void> {
    const deliveredAt = clock.instant();
    const dueAt = new Date(notice.issued.answerBy);
    const next: DueDocument = { ...task, step: 'await-answer', dueAt, leasedUntil: dueAt };
    await note(
      task,
      notice,
      (known) => [{ type: 'NoticeDelivered', ...named(notice), endpoint, attempt: known.attempts + 1, deliveredAt }],
      next,
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
    const known = (await deliveries.get(task._id))?.state;
    const attempt = (known?.attempts ?? 0) + 1;
    const pause = pauseAfter(attempt, retryAfter) * (0.9 + random.fraction() / 5);
    const nextAttemptAt = new Date(now.getTime() + pause);
    log.warn({ delivery: task._id, endpoint, attempt, error }, 'notice not taken');
    await note(
      task,
      notice,
      (state) => [
        {
          type: 'NoticeDeliveryFailed',
          ...named(notice),
          endpoint,
          attempt: state.attempts + 1,
          error,
          nextAttemptAt: nextAttemptAt.toISOString(),
        },
        ...(late ? escalate(state, named(notice), 'endpoint-does-not-answer') : []),
        ...(gone ? escalate(state, named(notice), 'endpoint-gone') : []),
      ],
      { ...task, dueAt: nextAttemptAt, leasedUntil: nextAttemptAt },
      gone ? (unit) => unit.append(endpoints, endpoint, [{ type: 'EndpointGone' }]) : undefined,
    );
    void wake('deliver', task._id, { delay: pause, attempt });
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
    work({ ...ACTOR, ...(notice.trace === null ? {} : { trace: notice.trace }) }, async (unit) => {
      await unit.change(deliveries, task._id, decide);
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
