import { expect, test } from '@jest/globals';
import type { Epoch, GateWord } from '../freeze/epoch.ts';
import { GATES } from '../freeze/gate-life.ts';
import type { HeldLot } from '../hold/held-lot.ts';
import { holdsLiftedAlone, holdsNotAtEveryGate, noticesNobodyHeard } from './invariants.ts';

const epoch: Epoch = {
  hold: 'H-1',
  case: 'RC-1',
  epoch: 2,
  cause: 'launch',
  provisional: false,
  told: 1,
  count: 1,
  digest: 'd',
  placedAt: '',
  since: '',
  frozenAt: null,
  elapsedMs: null,
  containedAt: null,
};
const word = (gate: string): GateWord => ({
  hold: 'H-1',
  case: 'RC-1',
  gate,
  incarnation: 'i',
  epoch: 2,
  count: 1,
  digest: 'd',
  at: '',
  inFlight: [],
  drained: 0,
  offsets: [],
});
const lives = GATES.map((gate) => ({ gate, incarnation: 'i', former: [] }));
const words = GATES.map(word);

test('a hold that a gate has not acknowledged is named with the gate', () => {
  expect(holdsNotAtEveryGate([epoch], words, lives)).toEqual([]);
  expect(holdsNotAtEveryGate([epoch], words.slice(1), lives)).toMatchObject([
    { subject: 'H-1', detail: 'epoch 2 not acknowledged by receiving' },
  ]);
});

test('a notice that nobody took and nobody was called about is named', () => {
  const notice = {
    status: 'open',
    notice: 'RC-1|A',
    case: 'RC-1',
    party: 'A',
    version: 2,
    lines: [],
    told: [],
    issuedAt: '',
    answerBy: '',
    reason: null,
  } as const;
  const way = (version: number) => ({
    notice: 'RC-1|A',
    case: 'RC-1',
    party: 'A',
    versions: [{ version, delivered: { at: '', endpoint: '', attempt: 1 }, failures: 0, escalated: null, answers: [] }],
  });
  expect(noticesNobodyHeard([notice], [way(2)])).toEqual([]);
  expect(noticesNobodyHeard([notice], [way(1)])).toMatchObject([{ subject: 'RC-1|A' }]);
});

test('a hold lifted by one person is named', () => {
  const lifted: HeldLot = {
    hold: 'H-1',
    lot: 'F-1',
    serials: { mode: 'all', ranges: [] },
    state: 'released',
    epoch: 3,
    pending: false,
  };
  const signature = (signer: string) => ({ jws: '', signer, signerName: '', meaning: '', reason: '', signedAt: '' });
  const release = (...signers: string[]) => ({
    hold: 'H-1',
    case: 'RC-1',
    epoch: 3,
    lots: ['F-1'],
    reviewedOperations: [],
    reason: '',
    signatures: signers.map(signature),
  });
  expect(holdsLiftedAlone([lifted], [release('a', 'b')])).toEqual([]);
  expect(holdsLiftedAlone([lifted], [release('a', 'a')])).toMatchObject([{ subject: 'H-1|F-1' }]);
});
