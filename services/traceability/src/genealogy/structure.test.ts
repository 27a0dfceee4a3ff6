import { expect, test } from '@jest/globals';
import { createHistory, serials } from '../../test/history.ts';
import { createGenealogy } from './create-genealogy.ts';
import { fold } from './fold.ts';
import { unitsEver } from './structure.ts';

test('a lot may have more units than a column of 32 bits counts, packed or not', () => {
  const sizes = [0, 1, 2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 5_000_000_000];
  const { facts, tell } = createHistory();
  for (const size of sizes) {
    tell.declared(`L${size}`);
    if (size > 0) tell.commissioned(`L${size}`, serials(1, size).map((range) => ({ ...range, width: 12 }))); // prettier-ignore
  }
  for (const mostHot of [1, 100]) {
    const graph = createGenealogy({ mostHot });
    for (const fact of facts) fold(graph, fact);
    expect(sizes.map((size) => unitsEver(graph, graph.lotIds.find(`L${size}`) ?? -1))).toEqual(sizes);
  }
});
