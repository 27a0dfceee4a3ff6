import { each, serials } from '../cast.ts';
import { eventually } from '../eventually.ts';
import type { AnswerLine, Notice } from '../outside/distributor.ts';
import type { RecallReader } from '../recall-views.ts';
import type { World } from '../world.ts';

/** Signed notices with each one's own goods; answers in time, after an outage, and with somebody else's serial. */
export async function notices(world: World, reader: RecallReader): Promise<void> {
  const { step } = world.narrator;
  await step('华东医疗 takes its notice, signature verified, and answers with quantities', (s) =>
    inTime(world, reader, s),
  );
  await step('北方器械: the endpoint is down, is tried again, escalated, recovers', (s) => recovers(world, reader, s));
  await step('小微经销 reports a unit of F1, which it never should have', (s) => stranger(world, reader, s));
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];
type Amounts = Partial<Record<'onHand' | 'used' | 'returned' | 'passedOn' | 'destroyed', number>>;

/** One line of an answer. */
export const answered = (lot: string, amounts: Amounts, units: AnswerLine['serials'] = []): AnswerLine => ({
  lot,
  onHand: String(amounts.onHand ?? 0),
  used: String(amounts.used ?? 0),
  returned: String(amounts.returned ?? 0),
  passedOn: String(amounts.passedOn ?? 0),
  destroyed: String(amounts.destroyed ?? 0),
  unit: 'EA',
  serials: units,
});

/** Sends a party's answer as its own people would, and gives the findings that come back. */
export async function answer(
  world: World,
  party: keyof World['consignees'],
  notice: Notice,
  respondent: string,
  lines: readonly AnswerLine[],
): Promise<string[]> {
  const reply = await eventually(
    `the answer of ${party} to be taken`,
    () => world.consignees[party].answer(notice, `${party}-recalls`, respondent, lines),
    ({ status }) => status < 500,
  );
  const text = await reply.text();
  if (reply.status !== 202) throw new Error(`answer of ${party}: ${reply.status} ${text}`);
  return (JSON.parse(text) as { findings: { code: string }[] }).findings.map(({ code }) => code);
}

async function inTime(world: World, reader: RecallReader, { check, tell }: StepArgument): Promise<void> {
  const { lot } = world;
  const notice = await reader.received('D1', 1);
  check('only its own goods', notice.lines, [{ lot: lot('F1'), quantity: each(40), serials: serials(1, 40) }]);
  check(
    'class and Chinese instructions',
    [notice.recallClass, notice.instructionsZh.slice(0, 9)],
    ['I', '立即停止使用和销售'],
  );
  // One unit went on to somebody else; that it was to whom, comes out later.
  const findings = await answer(world, 'D1', notice, '周经理 quality', [
    answered(lot('F1'), { onHand: 39, passedOn: 1 }, [...serials(1, 6), ...serials(8, 40)]),
  ]);
  check('findings', findings, []);
  const all = await eventually('the answer to be counted', reader.notices, (found) =>
    found.some(({ party, status }) => party === 'D1' && status === 'closed'),
  );
  const d1 = all.find(({ party }) => party === 'D1');
  const [given] = d1?.versions[0]?.answers ?? [];
  check('answered by', given?.respondent, '周经理 quality');
  check('late', given?.late, (given?.answeredAt ?? '') > (d1?.answerBy ?? ''));
  tell(`until ${d1?.answerBy.slice(11, 19) ?? '?'} UTC`);
}

async function recovers(world: World, reader: RecallReader, { check, tell }: StepArgument): Promise<void> {
  const { lot, consignees } = world;
  const waiting = await eventually('a person to be told that the endpoint does not answer', reader.notices, (found) =>
    found.some(({ party, versions }) => party === 'D2' && versions.some(({ escalated }) => escalated !== null)),
  );
  const failed = waiting.find(({ party }) => party === 'D2')?.versions[0];
  check('escalated', failed?.escalated, 'endpoint-does-not-answer');
  consignees.D2.comeBack();
  const taken = await reader.delivered('D2', 1);
  const attempt = taken.versions[0]?.delivered?.attempt ?? 0;
  check('taken after failures', attempt > 1, true);
  tell(`attempt ${attempt}`);
  const notice = await reader.received('D2', 1);
  check('F3, and not the clean F6', notice.lines, [{ lot: lot('F3'), quantity: each(35), serials: serials(120, 154) }]);
  check(
    'findings',
    await answer(world, 'D2', notice, '李主管', [answered(lot('F3'), { onHand: 35 }, serials(120, 154))]),
    [],
  );
}

async function stranger(world: World, reader: RecallReader, { check }: StepArgument): Promise<void> {
  const { lot } = world;
  const notice = await reader.received('D3', 1);
  const findings = await answer(world, 'D3', notice, '小微 老板', [
    answered(lot('F2b'), { onHand: 20 }, serials(100, 119)),
    answered(lot('F1'), { onHand: 1 }, serials(7, 7)),
  ]);
  check('told at once', findings.sort(), ['lot-not-in-notice', 'serial-not-in-notice']);
  const finding = await reader.finding('serial-never-shipped-to-party', 'D3');
  check('finding of the case', finding.detail, `${lot('F1')}: 09520123456788 IP000007`);
}
