import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Epoch, GateWord } from './epoch.ts';
import { GATES, hear, type GateLife, type GateName } from './gate-life.ts';
import { judgeAcknowledgement } from './judge-acknowledgement.ts';
import { furthest, progressOf, type Progress } from './progress.ts';
import { acknowledged, drained } from './gate-word.ts';

const AT = '2026-11-01T08:00:00.000Z';
const epoch = (n: number): Epoch => ({
  hold: 'H-1',
  case: 'RC-1',
  epoch: n,
  cause: 'scope',
  provisional: false,
  told: 1,
  count: n,
  digest: `digest-${n}`,
  placedAt: AT,
  since: AT,
  frozenAt: null,
  elapsedMs: null,
  containedAt: null,
});
const CURRENT = epoch(3);
const lives: GateLife[] = GATES.map((gate) => ({ gate, incarnation: 'first', former: [] }));

interface Said {
  readonly gate: GateName;
  readonly kind: 'acknowledged' | 'drained';
  readonly epoch: number;
  readonly count: number;
  readonly digest: string;
  readonly incarnation: string;
}
const good = (gate: GateName, kind: Said['kind'] = 'acknowledged', n = CURRENT.epoch): Said => ({
  gate,
  kind,
  epoch: n,
  count: n,
  digest: `digest-${n}`,
  incarnation: 'first',
});

/** What the service has on record after hearing these messages in this order. */
function progressAfter(messages: readonly Said[]): Progress {
  const known = new Map<string, GateLife>();
  const words = new Map<string, GateWord>();
  for (const said of messages) {
    const { life, current } = hear(known.get(said.gate), said.gate, said.incarnation);
    known.set(said.gate, life);
    if (!current) continue;
    const about = { ...said, hold: 'H-1', case: 'RC-1', offsets: [], inFlight: [], at: AT };
    if (said.kind === 'drained') words.set(said.gate, drained(words.get(said.gate), about));
    else if (judgeAcknowledgement(said, said.epoch <= 3 ? epoch(said.epoch) : undefined).counts)
      words.set(said.gate, acknowledged(words.get(said.gate), about));
  }
  return progressOf({ current: CURRENT, words: [...words.values()], lives: [...known.values()] });
}

const anySaid: fc.Arbitrary<Said> = fc.record({
  gate: fc.constantFrom(...GATES),
  kind: fc.constantFrom('acknowledged', 'drained'),
  epoch: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 4 }),
  digest: fc.constantFrom('digest-1', 'digest-2', 'digest-3', 'digest-4', 'other'),
  incarnation: fc.constantFrom('first', 'first', 'second'),
});

test('never frozen without five acknowledgements that match the manifest of the current epoch', () => {
  fc.assert(
    fc.property(fc.array(anySaid, { maxLength: 40 }), (messages) => {
      const progress = progressAfter(messages);
      if (progress.step === 'freezing') return;
      for (const gate of GATES)
        expect(messages.map((said) => ({ ...said, incarnation: 'first' }))).toContainEqual(good(gate));
    }),
  );
});

test('in any order and however often repeated, five matching acknowledgements freeze', () => {
  const needed = [...GATES.map((gate) => good(gate)), ...GATES.map((gate) => good(gate, 'acknowledged', 2))];
  fc.assert(
    fc.property(fc.shuffledSubarray([...needed, ...needed], { minLength: 20 }), (messages) => {
      expect(progressAfter(messages).step).toBe('draining');
      expect(progressAfter([...messages, ...GATES.map((gate) => good(gate, 'drained'))]).step).toBe('settling');
    }),
  );
});

test('a gate that is missing is named', () => {
  const four = GATES.filter((gate) => gate !== 'warehouse').map((gate) => good(gate));
  expect(progressAfter(four)).toEqual({ step: 'freezing', missing: ['warehouse'] });
  expect(progressAfter([...four, { ...good('warehouse'), digest: 'other' }]).step).toBe('freezing');
  expect(progressAfter([...four, good('warehouse', 'acknowledged', 2)]).step).toBe('freezing');
  expect(progressAfter([...four, good('warehouse')])).toEqual({ step: 'draining', missing: [...GATES] });
});

test('a later epoch covers the ones before', () => {
  const words = GATES.map((gate) => acknowledged(undefined, { ...good(gate), ...about, epoch: 4 }));
  expect(progressOf({ current: CURRENT, words, lives }).step).toBe('draining');
});
const about = { hold: 'H-1', case: 'RC-1', offsets: [], inFlight: [], at: AT };

test('a restored gate voids what it had acknowledged, and its former life is not heard any more', () => {
  const all = GATES.map((gate) => good(gate));
  const restored = { ...good('qms', 'acknowledged', 2), incarnation: 'second' };
  expect(progressAfter([...all, restored])).toEqual({ step: 'freezing', missing: ['qms'] });
  expect(progressAfter([...all, restored, good('qms')])).toEqual({ step: 'freezing', missing: ['qms'] });
  expect(progressAfter([...all, restored, { ...good('qms'), incarnation: 'second' }]).step).toBe('draining');
});

test('of each stream the furthest place counts', () => {
  const at = (topic: string, partition: number, next: number) => ({ topic, partition, next });
  expect(furthest([at('b', 0, 5), at('a', 1, 2), at('b', 0, 7), at('a', 0, 9)])).toEqual([
    at('a', 0, 9),
    at('a', 1, 2),
    at('b', 0, 7),
  ]);
});
