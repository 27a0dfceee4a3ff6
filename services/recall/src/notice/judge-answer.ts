import type { AnswerLine, Finding, LotLine, Quantity, RecordOf, SerialRange } from '@lotwarden/contracts/events';
import { compare, sum } from '@lotwarden/platform/quantity';
import { formatSerial, subtract } from '@lotwarden/platform/serial-range';
import type { Notice } from './notice.ts';

export type NoticeAnswered = RecordOf<'notification.delivery.v1', 'NoticeAnswered'>;

/** All serials of a lot that custody ever gave this party. */
export type EverGiven = (lot: string) => readonly SerialRange[];

const QUANTITIES: ReadonlySet<string> = new Set(['answer-does-not-add-up', 'answer-without-lot', 'lot-not-in-notice']);

/** What in an answer needs a person; empty = it adds up. What notification found is carried along. */
export function judgeAnswer(notice: Notice, answer: NoticeAnswered, everGiven: EverGiven): Finding[] {
  if (notice.status === 'unknown') return [finding('answer-to-unknown-notice', answer, answer.notice)];
  const latest = answer.version === notice.version;
  // Notification has compared quantities already; against the latest version that is done here, by custody's serials too.
  const findings: Finding[] = answer.findings.filter(({ code }) => !latest || !QUANTITIES.has(code));
  if (answer.late)
    findings.push(finding('answer-late', answer, `version ${String(answer.version)}, answered ${answer.answeredAt}`));
  if (!latest)
    findings.push(
      finding('answer-to-old-version', answer, `answered ${String(answer.version)}, latest ${String(notice.version)}`),
    );
  for (const line of answer.lines) {
    const strange = subtract(line.serials, everGiven(line.lot));
    if (strange.length > 0)
      findings.push(finding('serial-never-shipped-to-party', answer, `${line.lot}: ${strange.map(named).join(', ')}`));
  }
  if (latest)
    for (const difference of differences(notice.lines, answer.lines))
      findings.push(finding('answer-does-not-add-up', answer, difference));
  return unique(findings);
}

/** Lot by lot and unit by unit, where what the party accounts for is not what it was told it has. */
function differences(told: readonly LotLine[], answered: readonly AnswerLine[]): string[] {
  const named = told.flatMap(({ lot, quantity }) => {
    const ofLot = answered.filter((line) => line.lot === lot);
    const lines = ofLot.filter(({ unit }) => unit === quantity.unit);
    if (ofLot.length === 0) return [`${lot}: not answered`];
    if (lines.length === 0) return [`${lot}: not answered in ${quantity.unit}`];
    const total = sum(lines.flatMap(parts), quantity.unit);
    return compare(total, quantity) === 0 ? [] : [`${lot}: told ${quantity.value}, accounted for ${total.value}`];
  });
  const asked = new Set(told.map(({ lot, quantity }) => `${lot} ${quantity.unit}`));
  const strange = answered.filter(({ lot, unit }) => !asked.has(`${lot} ${unit}`));
  return [...named, ...strange.map(({ lot, unit }) => `${lot}: not in the notice in ${unit}`)];
}

const parts = ({ onHand, used, returned, passedOn, destroyed, unit }: AnswerLine): Quantity[] =>
  [onHand, used, returned, passedOn, destroyed].map((value) => ({ value, unit }));

const named = (range: SerialRange): string =>
  range.first === range.last
    ? `${range.gtin} ${formatSerial(range, range.first)}`
    : `${range.gtin} ${formatSerial(range, range.first)}..${formatSerial(range, range.last)}`;

const finding = (code: string, { party }: NoticeAnswered, detail: string): Finding => ({
  code,
  subject: party,
  detail,
});

const unique = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((one) => [`${one.code}|${one.subject}|${one.detail}`, one])).values(),
];
