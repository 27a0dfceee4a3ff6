import { test } from '@jest/globals';
import { placeholderLotId } from '@lotwarden/platform/ids';
import { serials } from '../history.ts';
import { expectAnswers, plant, type Answers } from './scenario.ts';

type Plant = ReturnType<typeof plant>;

/** A clean road beside everything that is wrong: CAP into B into F; it must be answered as if nothing else were there. */
const RIGHT = {
  forward: { CAP: { CAP: 'all', B: 'all', F: 'all' } },
  backward: { F: { F: 'all', B: 'all', CAP: 'all' } },
  balance: { CAP: { onHand: 60, consumed: 40, balanced: true } },
} as const;

const X1 = placeholderLotId({ system: 'MES-SZ', code: 'NOBODY-1' });

/** What was told wrongly is a fact: kept, reported as what it is, and nothing else is harmed by it. */
const wrong: readonly (readonly [string, (plant: Plant) => void, Answers])[] = [
  [
    'a lot that becomes its own ancestor',
    ({ tell }) => {
      tell.operation('op-1', { in: [['P1', 5]], out: [['P2', 5]] });
      tell.operation('op-2', { in: [['P2', 5]], out: [['P1', 5]] });
    },
    {
      forward: { P1: { P1: 'all', P2: 'all' }, P2: { P2: 'all', P1: 'all' } },
      backward: { P1: { P1: 'all', P2: 'all' } },
      cycles: { P1: [['P1', 'P2']], CAP: [] },
      gaps: [],
    },
  ],
  [
    'a long ring of lots, entered from outside',
    ({ tell }) => {
      tell.operation('in', { in: [['CAP', 0]], out: [['P1', 1]] });
      for (const nth of [1, 2, 3])
        tell.operation(`op-${nth}`, { in: [[`P${nth}`, 1]], out: [[`P${(nth % 3) + 1}`, 1]] });
    },
    {
      forward: { CAP: { CAP: 'all', B: 'all', F: 'all', P1: 'all', P2: 'all', P3: 'all' } },
      cycles: { CAP: [['P1', 'P2', 'P3']] },
      gaps: [],
    },
  ],
  [
    'a lot that is made of more of itself',
    ({ tell }) => tell.operation('op', { in: [['P1', 5]], out: [['P1', 9]] }),
    { forward: { P1: { P1: 'all' } }, backward: { P1: { P1: 'all' } }, cycles: { P1: [] }, gaps: [] },
  ],
  [
    'material of a lot that nobody knows',
    ({ tell }) => tell.operation('op', { in: [[X1, 5]], out: [['P1', 5]] }),
    { forward: { [X1]: { [X1]: 'all', P1: 'all' } }, gaps: [`lot-undeclared ${X1}`] },
  ],
  [
    'an operation that made something of nothing',
    ({ tell }) => tell.operation('op', { in: [], out: [['P1', 5]] }),
    { backward: { P1: { P1: 'all' } }, gaps: ['operation-without-inputs op'] },
  ],
  [
    'more taken than there ever was',
    ({ did, bought }) => {
      bought('FEW', 10);
      did('op', { in: [['FEW', 25]], out: [['P1', 25]] });
    },
    { forward: { FEW: { FEW: 'all', P1: 'all' } }, remainders: { FEW: ['onHand -15'], P1: [] }, gaps: [] },
  ],
  [
    'less than nothing',
    ({ tell, bought }) => {
      bought('ODD', 10);
      tell.operation('op', { in: [['ODD', -5]], out: [['P1', 5]] });
    },
    { forward: { ODD: { ODD: 'all', P1: 'all' } }, gaps: [] },
  ],
  [
    'a serial that was given in two lots',
    ({ tell }) => {
      tell.operation('op-1', { in: [['CAP', 0]], out: [['P1', 1, serials(7, 7)]] });
      tell.operation('op-2', { in: [['CAP', 0]], out: [['P2', 1, serials(7, 7)]] });
      tell.commissioned('P1', serials(7, 7));
      tell.commissioned('P2', serials(7, 7));
    },
    // Whichever is meant: both lots are told, none is chosen.
    { forward: { CAP: { CAP: 'all', B: 'all', F: 'all', P1: 'all', P2: 'all' } }, gaps: [] },
  ],
  ...(
    [
      ['in 1970', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
      ['in 2999', '2999-12-31T23:00:00.000Z', '2999-12-31T23:59:59.000Z'],
      ['that end before they start', '2026-11-02T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ] as const
  ).map(
    ([when, startedAt, endedAt]) =>
      [
        `operations ${when}`,
        ({ tell }: Plant) => tell.operation('op', { in: [['F', 1]], out: [['P1', 1]], more: { startedAt, endedAt } }),
        {
          forward: { CAP: { CAP: 'all', B: 'all', F: 'all', P1: 'all' } },
          paths: ['CAP>B>F>P1'],
          backward: {},
          gaps: [],
        },
      ] as const,
  ),
];

test.each(wrong)('%s: kept, told, and the graph stays right', (_what, goWrong, answers) => {
  const history = plant();
  const { tell, bought, did, facts } = history;
  bought('CAP', 100);
  tell.declared('B', 'intermediate');
  tell.declared('F');
  for (const lot of ['P1', 'P2', 'P3']) tell.declared(lot, 'intermediate');
  did('right-b', { in: [['CAP', 40]], out: [['B', 10]] });
  did('right-f', { in: [['B', 10]], out: [['F', 10]] });
  goWrong(history);
  expectAnswers(facts, {
    ...answers,
    forward: { ...RIGHT.forward, ...answers.forward },
    backward: { ...RIGHT.backward, ...answers.backward },
    balance: RIGHT.balance,
  });
});
