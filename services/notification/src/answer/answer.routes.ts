import { createHash } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { Rejected } from '@lotwarden/platform/errors';
import { accepted, route } from '@lotwarden/platform/http';
import { Code, Decimal, SerialRanges, Text, Unit } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import type { SecretBox } from '@lotwarden/platform/secret-box';
import type { Deps } from '@lotwarden/platform/service';
import type { PlainDocument } from '@lotwarden/platform/store';
import { z } from 'zod';
import { deliveryId } from '../delivery/delivery.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { NOTICES, type House, type NoticeDocument } from '../house.ts';
import { answerFindings } from './judge-answer.ts';

const Amount = Decimal.refine((text) => !text.startsWith('-'), words('not negative', '不能为负数'));

const AnswerBody = z.object({
  notice: Code,
  version: z.number().int().min(1),
  respondent: Text.meta({ description: 'The person who answers, by name or post; never a patient' }),
  lines: z
    .array(
      z.strictObject({
        lot: Code,
        onHand: Amount,
        used: Amount,
        returned: Amount,
        passedOn: Amount,
        destroyed: Amount,
        unit: Unit,
        serials: SerialRanges.default([]),
      }),
    )
    .min(1)
    .max(2000),
});

const Findings = z.array(z.object({ code: z.string(), subject: z.string(), detail: z.string() }));

interface Needs {
  readonly deps: Pick<Deps, 'work' | 'clock'>;
  readonly house: House;
  readonly box: SecretBox;
}

interface Received extends PlainDocument {
  /** SHA-256 of the body: the same id with other words is another answer, and must not pass for this one. */
  readonly body: string;
  readonly findings: readonly { readonly code: string; readonly subject: string; readonly detail: string }[];
}

const RECEIVED = 'received_answers';

/** Rung three: a named person says what there is. Proven by the endpoint's own secret, since a custodian has no account. */
export function answerRoutes({ deps: { work, clock }, house, box }: Needs) {
  const { endpoints, deliveries, notices } = house;

  /** The endpoint whose secret signed these bytes; one answer for everything that is wrong, so that nobody learns more. */
  async function authenticated(headers: Readonly<Record<string, unknown>>, rawBody: Buffer) {
    const name = headers['x-endpoint'];
    const known = typeof name === 'string' ? (await endpoints.get(name))?.state : undefined;
    if (known === undefined || known.status === 'unknown' || !signedBy(known, headers, rawBody))
      throw new Rejected('answer-signature-invalid');
    return known;
  }

  const signedBy = (
    { endpoint, sealedSecrets }: Exclude<Endpoint, { status: 'unknown' }>,
    headers: Readonly<Record<string, unknown>>,
    rawBody: Buffer,
  ): boolean =>
    sealedSecrets.some((sealed) => {
      try {
        new Webhook(box.open(sealed, endpoint)).verify(rawBody, headers as Record<string, string>);
        return true;
      } catch (error) {
        if (error instanceof WebhookVerificationError) return false;
        throw error;
      }
    });

  return [
    route({
      method: 'post',
      path: '/answers',
      requires: 'public',
      summary: { en: 'Answer a notice, signed with the endpoint’s secret', zh: '以接口密钥签名答复通知' },
      body: AnswerBody,
      reply: { 202: z.object({ notice: z.string(), version: z.number().int(), findings: Findings }) },
      errors: ['answer-signature-invalid', 'notice-unknown', 'answer-for-another-party', 'answer-id-reused'],
      handle: async ({ body, headers, rawBody }) => {
        const { endpoint, party } = await authenticated(headers, rawBody);
        const id = deliveryId(body.notice, body.version);
        // The webhook-id makes a repeated call the same answer.
        const digest = createHash('sha256').update(rawBody).digest('hex');
        const received = `${endpoint}|${String(headers['webhook-id'])}`;
        const findings = await work({ actor: `endpoint:${endpoint}` }, async (unit) => {
          const before = (await unit.read<Received>(RECEIVED, [received])).get(received);
          if (before && before.body !== digest) throw new Rejected('answer-id-reused', { id: received });
          if (before) return before.findings;
          const notice = (await unit.read<NoticeDocument>(NOTICES, [id])).get(id);
          if (!notice) throw new Rejected('notice-unknown', { notice: body.notice, version: body.version });
          if (notice.issued.party !== party) throw new Rejected('answer-for-another-party', { notice: body.notice });
          const newest = await notices.findOne({ 'issued.notice': body.notice }, { sort: { 'issued.version': -1 } });
          const overtaken = (newest?.issued.version ?? 0) > body.version;
          const found = [
            ...answerFindings(notice.issued, body.lines),
            ...(overtaken
              ? [{ code: 'newer-version-exists', subject: body.notice, detail: `v${String(newest?.issued.version)}` }]
              : []),
          ];
          const answeredAt = clock.instant();
          const late = answeredAt > notice.issued.answerBy;
          const { notice: name, version, case: recall } = notice.issued;
          const { respondent, lines } = body;
          await unit.append(deliveries, id, [
            {
              type: 'NoticeAnswered',
              notice: name,
              version,
              case: recall,
              party,
              respondent,
              late,
              lines,
              answeredAt,
              findings: found,
            },
          ]);
          unit.insert(RECEIVED, { _id: received, body: digest, findings: found });
          return found;
        });
        return accepted({ notice: body.notice, version: body.version, findings });
      },
    }),
  ];
}
