import { expect, test } from '@jest/globals';
import { createHistory, line, serials } from '../../test/history.ts';
import { recordedFacts, asOfIn } from '../../test/recorded.ts';
import { differenceOf, totalsOf } from './difference.ts';

const DECIDED = '2026-11-02T00:01:30.000Z';
const NOW = '2026-11-02T00:09:30.000Z';

/** What was told before the decision at minute 1, and after it. */
async function between(before: (tell: Tell) => void, after: (tell: Tell) => void) {
  const { facts, tell } = createHistory();
  before(tell);
  const known = facts.length;
  after(tell);
  let told = 0;
  const recorded = recordedFacts(facts, () => (told++ < known ? 1 : 5));
  const asOf = asOfIn(recorded, 1000);
  const [then, now] = [
    await asOf.scope([{ lot: 'M1' }], 'forward', DECIDED),
    await asOf.scope([{ lot: 'M1' }], 'forward', NOW),
  ];
  const later = [...now.past.cited.values()].filter(({ recordedAt }) => recordedAt > DECIDED);
  return differenceOf(then, now, later);
}
type Tell = ReturnType<typeof createHistory>['tell'];

const begin = (tell: Tell): void => {
  tell.received('M1', 10);
  tell.declared('F1');
  tell.declared('F2');
  tell.operation('op-1', { in: [['M1', 1]], out: [['F1', 1]] });
};

test('a late input brings a lot, its link and its custodian, each with the fact and when it was recorded', async () => {
  const changes = await between(
    (tell) => {
      begin(tell);
      tell.operation('op-2', { in: [], out: [['F2', 1]] });
      tell.dispatched('S-1', 'HOSPITAL', [line('F2', 1, serials(1, 1))]);
    },
    (tell) => tell.late('op-2', 'M1', 1),
  );
  expect(totalsOf(changes)).toEqual({ 'lots came': 1, 'links came': 1, 'custodians came': 1 });
  expect(changes[0]).toMatchObject({
    what: 'lot',
    subject: 'F2',
    change: 'came',
    before: null,
    after: { certainty: 'lot-inferred', hops: 1 },
    because: [{ type: 'OperationInputAdded', aggregate: 'op-2', version: 2, recordedAt: '2026-11-02T00:05:00.000Z' }],
    becauseTotal: 1,
  });
});

test('a void takes a lot out; what certainty became is a change, with what it was', async () => {
  const gone = await between(begin, (tell) => tell.voided('op-1'));
  expect(totalsOf(gone)).toEqual({ 'lots went': 1, 'links went': 1 });
  expect(gone[0]).toMatchObject({ subject: 'F1', change: 'went', after: null, because: [{ type: 'OperationVoided' }] });

  const surer = await between(begin, (tell) => {
    tell.commissioned('F1', serials(1, 5));
    tell.dispatched('S-1', 'HOSPITAL', [line('F1', 1, serials(1, 1))]);
  });
  expect(totalsOf(surer)).toEqual({ 'custodians came': 1 });
});

test('a gap that came, and one that went, is told as such', async () => {
  const changes = await between(
    (tell) => {
      tell.received('M1', 10);
      tell.operation('op-1', { in: [['M1', 1]], out: [['F1', 1]] });
    },
    (tell) => tell.declared('F1'),
  );
  expect(changes.filter(({ what }) => what === 'gap')).toMatchObject([
    { subject: 'lot-undeclared F1', change: 'went', because: [{ type: 'ProductionLotDeclared' }] },
  ]);
});

test('nothing told means no difference', async () => {
  expect(await between(begin, () => undefined)).toEqual([]);
});
