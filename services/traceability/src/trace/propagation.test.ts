import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createHistory, graphOf, line } from '../../test/history.ts';
import { scopeOf } from './answer.ts';
import { PROPAGATION, type Direction } from './propagation.ts';

type History = ReturnType<typeof createHistory>;
interface Scenario {
  readonly happens: (tell: History['tell']) => void;
  /** Root → all that is in scope of it, itself first. */
  readonly reaches: Readonly<Record<string, readonly string[]>>;
}

const material: Scenario['happens'] = (tell) => {
  tell.operation('mould', { in: [['RESIN', 1], ['DYE', 1]], out: [['HOUSING', 1]] }); // prettier-ignore
  tell.operation('assemble', { in: [['HOUSING', 1]], out: [['PUMP', 1]] });
};
const installed: Scenario['happens'] = (tell) => {
  tell.operation('cell', { in: [['CELL', 1]], out: [['BATTERY', 1]] });
  tell.operation('fit', { in: [['BATTERY', 1, { edge: 'installed' }], ['HOUSING', 1]], out: [['PUMP', 1]] }); // prettier-ignore
  tell.operation('kit', { in: [['PUMP', 1]], out: [['KIT', 1]] });
};
const exposure: Scenario['happens'] = (tell) => {
  tell.operation('gas', { in: [['GAS', 1]], out: [['LOAD', 1]] });
  tell.operation('cycle-1', { in: [['RAW', 1], ['LOAD', 1, { edge: 'exposure' }]], out: [['A', 1]] }); // prettier-ignore
  tell.operation('cycle-2', { in: [['RAW-2', 1], ['LOAD', 1, { edge: 'exposure' }]], out: [['B', 1]] }); // prettier-ignore
  tell.operation('pack', { in: [['A', 1]], out: [['KIT', 1]] });
};
const containment: Scenario['happens'] = (tell) => {
  tell.operation('make', { in: [['RAW', 1]], out: [['UNIT', 1]] });
  tell.operation('box', { in: [['UNIT', 1, { edge: 'containment' }], ['MATE', 1, { edge: 'containment' }]], out: [['BOX', 1]] }); // prettier-ignore
  tell.operation('pallet', { in: [['BOX', 1]], out: [['PALLET', 1]] });
};

/** One for each row of the table, named after it. */
const SCENARIOS: Readonly<Record<Direction, Readonly<Record<keyof typeof PROPAGATION.forward, Scenario>>>> = {
  forward: {
    material: { happens: material, reaches: { RESIN: ['RESIN', 'HOUSING', 'PUMP'], HOUSING: ['HOUSING', 'PUMP'] } },
    installed: { happens: installed, reaches: { CELL: ['CELL', 'BATTERY', 'PUMP', 'KIT'] } },
    exposure: { happens: exposure, reaches: { LOAD: ['LOAD', 'A', 'B', 'KIT'], RAW: ['RAW', 'A', 'KIT'], GAS: ['GAS', 'LOAD'] } }, // prettier-ignore
    containment: { happens: containment, reaches: { RAW: ['RAW', 'UNIT', 'BOX'], MATE: ['MATE', 'BOX'], BOX: ['BOX', 'PALLET'] } }, // prettier-ignore
  },
  backward: {
    material: { happens: material, reaches: { PUMP: ['PUMP', 'HOUSING', 'DYE', 'RESIN'] } },
    installed: { happens: installed, reaches: { KIT: ['KIT', 'PUMP', 'BATTERY', 'HOUSING', 'CELL'] } },
    exposure: { happens: exposure, reaches: { A: ['A', 'LOAD', 'RAW', 'GAS'], KIT: ['KIT', 'A', 'LOAD', 'RAW', 'GAS'] } }, // prettier-ignore
    containment: { happens: containment, reaches: { PALLET: ['PALLET', 'BOX'], UNIT: ['UNIT', 'RAW'] } },
  },
};

const rows = (['forward', 'backward'] as const).flatMap(
  (direction) =>
  (['material', 'installed', 'exposure', 'containment'] as const).map((edge) => ({ direction, edge, ...PROPAGATION[direction][edge] })), // prettier-ignore
);

test.each(rows)('$direction, $edge: $because', ({ direction, edge }) => {
  const { happens, reaches } = SCENARIOS[direction][edge];
  const { facts, tell } = createHistory();
  happens(tell);
  for (const told of [facts, facts.toReversed()])
    for (const [root, scope] of Object.entries(reaches))
      expect(scopeOf(graphOf(told), [root], direction).lots.map(({ lot }) => lot)).toEqual(scope);
});

test('a process load exposes by its own members, operations and machines like any other load', () => {
  const { facts, tell } = createHistory();
  tell.load('LD-1', { members: [line('A', 5), line('B', 5)] });
  tell.operation('pack', { in: [['A', 1]], out: [['KIT', 1]] });
  const scope = (root: string, direction: Direction) =>
    scopeOf(graphOf(facts), [root], direction).lots.map(({ lot }) => lot);
  expect(scope('LD-1', 'forward')).toEqual(['LD-1', 'A', 'B', 'KIT']);
  expect(scope('A', 'forward')).toEqual(['A', 'KIT']);
  expect(scope('KIT', 'backward')).toEqual(['KIT', 'A', 'LD-1']);
});

test('the page about edges shows this table', () => {
  const page = readFileSync(new URL('../../../../docs/traceability/edges.md', import.meta.url), 'utf8');
  const yes = (passes: boolean): string => (passes ? 'yes' : 'no');
  const table = rows.map(({ direction, edge, fromRoot, fromAffected, goesOn, because }) =>
    [direction, edge, yes(fromRoot), yes(fromAffected), yes(goesOn), because].join(' | '),
  );
  const [, shown = ''] = /<!-- propagation: begin -->([^]*)<!-- propagation: end -->/.exec(page) ?? [];
  const cells = shown.split('\n').filter((text) => text.startsWith('| ')).slice(2); // prettier-ignore
  expect(cells.map((row) => row.slice(1, -1).split('|').map((cell) => cell.trim().replace(/\*\*/g, '')).join(' | '))).toEqual(table); // prettier-ignore
});
