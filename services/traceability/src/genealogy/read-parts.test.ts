import { expect, test } from '@jest/globals';
import { createHistory, line, serials } from '../../test/history.ts';
import { createGenealogy } from './create-genealogy.ts';
import { fold } from './fold.ts';
import { lotAt, operationAt } from './nodes.ts';
import { createParts } from './read-parts.ts';

test('what is read of the bytes of a lot or an operation is what the whole node says', () => {
  const { facts, tell } = createHistory();
  tell.received('RAW', 100);
  tell.operation('a', { in: [['RAW', 10], ['GLUE', 0.25, { certainty: 'possible' }]], out: [['A', 5]] }); // prettier-ignore
  tell.operation('b', { in: [['A', 1, { serials: serials(1, 1) }]], out: [['B', 1]] }); // prettier-ignore
  tell.commissioned('A', serials(1, 5));
  tell.arrived('S-1', 'HOSPITAL', line('A', 2, serials(1, 2)));
  const graph = createGenealogy({ mostHot: 1 });
  for (const fact of facts) fold(graph, fact);
  graph.lots.freeze();
  graph.operations.freeze();
  const parts = createParts(graph);
  expect(graph.lots.size).toBeGreaterThan(3);
  for (let lot = 0; lot < graph.lots.size; lot++) {
    const { declaration, standsFor, placeholders, serials: units, goods } = lotAt(graph, lot);
    expect(parts.lot(lot)).toEqual({
      declaration: declaration && { item: declaration.item },
      standsFor,
      placeholders,
      serials: { ever: units.ever },
      goods: goods.map(({ book, quantity }) => ({ book, quantity })),
    });
  }
  for (let operation = 0; operation < graph.operations.size; operation++) {
    const { voided, head, inputs, outputs } = operationAt(graph, operation);
    expect(parts.operation(operation)).toEqual({
      voided,
      head: head && { kind: head.kind },
      inputs: inputs.map(({ lot, quantity, edge, told }) => ({ lot, quantity, edge, told })),
      outputs: outputs.map(({ lot, quantity }) => ({ lot, quantity })),
    });
  }
});
