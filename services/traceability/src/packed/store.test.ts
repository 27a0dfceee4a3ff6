import { expect, test } from '@jest/globals';
import { createInterner } from '../genealogy/interner.ts';
import { list, record, sharedFields, text } from './fields.ts';
import { createStore, type Store } from './store.ts';

interface Node {
  readonly index: number;
  name: string;
  readonly told: string[];
}

function createNodes(mostHot: number): Store<Node> {
  const { term } = sharedFields(createInterner());
  const form = record<Omit<Node, 'index'>>({ name: text, told: list(term) });
  return createStore<Node>(
    { write: form.write, read: (from, index) => ({ index, ...form.read(from) }), idOf: (index) => `node-${index}` },
    mostHot,
  );
}

test('nodes are the same whether they are objects or bytes, however often they change', () => {
  for (const mostHot of [0, 3, 1_000]) {
    const store = createNodes(mostHot);
    const objects: Node[] = [];
    let state = 5;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    for (let step = 0; step < 4_000; step++) {
      const index = random(60);
      if (index >= objects.length) {
        const made = () => ({ index: objects.length, name: `n${step}`, told: [] });
        store.add(made());
        objects.push(made());
      } else {
        const change = (node: Node | undefined) => {
          if (step % 7 === 0) node!.name = 'x'.repeat(step * 5);
          else node!.told.push(`t${step % 11}`);
        };
        change(store.change(index));
        change(objects[index]);
      }
      store.settle();
      if (step % 400 === 0) {
        const left = store.cool(0);
        expect(store.cool(2)).toBe(Math.max(0, left - 2));
      }
      const seen = random(objects.length);
      expect(store.at(seen)).toEqual(objects[seen]);
    }
    expect(store.size).toBe(objects.length);
    expect(store.at(objects.length)).toBeUndefined();
    expect(store.change(objects.length)).toBeUndefined();
    if (mostHot < 1_000) expect(store.bytes().reserved).toBeLessThan(30_000_000);
  }
});

test('a record that is much larger than all before it leaves the next ones where they are found', () => {
  for (const first of [1, 700, 1_500, 5_001, 1_100_003]) {
    const store = createNodes(0);
    for (const [index, size] of [first, 6_001, 3, 40_002, 1_048_571, 2, 5].entries()) {
      store.add({ index, name: 'y'.repeat(size), told: ['a'] });
      store.settle();
    }
    const sizes = Array.from({ length: store.size }, (_, index) => store.at(index)?.name.length);
    expect(sizes).toEqual([first, 6_001, 3, 40_002, 1_048_571, 2, 5]);
  }
});

test('a frozen store is another one from then on', () => {
  const store = createNodes(2);
  for (let index = 0; index < 50; index++) store.add({ index, name: `n${index}`, told: ['a'] });
  const frozen = store.freeze();
  for (let index = 0; index < 50; index++) {
    store.change(index)!.told.push('later');
    store.settle();
  }
  // Terms are another structure: these nodes share the first ones.
  expect(store.at(7)?.told).toEqual(['a', 'later']);
  const saved = JSON.parse(JSON.stringify(frozen.meta));
  expect(saved.size).toBe(50);
  expect(Object.keys(frozen.parts)).toEqual(['places', 'pieces']);
});
