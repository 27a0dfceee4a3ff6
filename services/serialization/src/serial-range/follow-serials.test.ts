import { expect, test } from '@jest/globals';
import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { count, intersect, subtract, union } from '@lotwarden/platform/serial-range';
import fc from 'fast-check';
import { memoryHouse } from '../../test/memory-house.ts';
import { NO_FLOWS, type Flows } from './followed-operation.ts';
import { serialFollower } from './follow-serials.store.ts';

const GTIN = '09520123456788';
const UNITS = 12;
const LOTS = ['A', 'B', 'C', 'D', 'E'] as const;
type Lot = (typeof LOTS)[number];

const numbered = (numbers: readonly number[]): SerialRange[] =>
  union(
    numbers.map((n) => ({ gtin: GTIN, prefix: 'IP', width: 6, first: n, last: n })),
    [],
  );
const ea = (n: number) => ({ value: String(n), unit: 'EA' });
const input = (lot: string, numbers: readonly number[], over: Partial<OperationInput> = {}): OperationInput => ({
  lot,
  quantity: ea(numbers.length),
  edge: 'material',
  certainty: 'scanned',
  serials: numbered(numbers),
  ...over,
});
const output = (lot: string, numbers: readonly number[], over: Partial<OperationOutput> = {}): OperationOutput => ({
  lot,
  quantity: ea(numbers.length),
  serials: numbered(numbers),
  ...over,
});

type Message =
  | { readonly type: 'commissioned'; readonly lot: string; readonly ranges: readonly SerialRange[] }
  | { readonly type: 'recorded'; readonly operation: string; readonly flows: Flows }
  | { readonly type: 'input'; readonly operation: string; readonly input: OperationInput }
  | { readonly type: 'output'; readonly operation: string; readonly output: OperationOutput }
  | { readonly type: 'voided'; readonly operation: string };

/** Messages as they would be consumed, with the books checked after each. */
function plant() {
  const { house, work, finder, lots, events } = memoryHouse();
  const follower = serialFollower(house, finder);
  const where = new Map<string, readonly SerialRange[]>();
  const at = (lot: string) => where.get(lot) ?? [];
  let given: SerialRange[] = [];

  async function hear(message: Message): Promise<void> {
    switch (message.type) {
      case 'commissioned': {
        const { lot, ranges } = message;
        await work.append(house.issued, GTIN, [{ type: 'SerialsIssued', ranges }]);
        await work.append(house.serials, lot, [{ type: 'SerialsCommissioned', lot, product: 'IP-200', ranges }]);
        given = union(given, ranges);
        await follower.arrive(work, [{ lot, ranges }]);
        return;
      }
      case 'recorded':
        await follower.follow(work, message.operation, message.flows, () => message.flows);
        return;
      case 'input':
        await follower.follow(work, message.operation, { ...NO_FLOWS, inputs: [message.input] }, (before) => ({
          ...before,
          inputs: [...before.inputs, message.input],
        }));
        return;
      case 'output':
        await follower.follow(work, message.operation, { ...NO_FLOWS, outputs: [message.output] }, (before) => ({
          ...before,
          outputs: [...before.outputs, message.output],
        }));
        return;
      case 'voided':
        await follower.unfollow(work, message.operation);
    }
  }

  function check(): void {
    const places = lots().flatMap(({ id, state }) => [
      { lot: id, ranges: state.ranges },
      { lot: `${id} scrap`, ranges: state.scrapped },
    ]);
    const pieces = places.flatMap(({ ranges }) => ranges);
    // As many as there were given, and the same: so none is in two places.
    expect(pieces.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(count(given));
    expect(union(pieces, [])).toEqual(given);
    for (const event of events.splice(0)) {
      if (event.type === 'SerialsMovedOut' || event.type === 'SerialsScrapped') {
        expect(subtract(event.ranges, at(event.lot))).toEqual([]);
        where.set(event.lot, subtract(at(event.lot), event.ranges));
      }
      if (event.type === 'SerialsMovedIn' || event.type === 'SerialsCommissioned')
        where.set(event.lot, union(at(event.lot), event.ranges));
    }
  }

  return {
    hear: async (messages: readonly Message[]): Promise<void> => {
      for (const message of messages) {
        await hear(message);
        check();
      }
    },
    /** Where each unit is in the end. */
    ends: (): Record<number, string> => {
      const found: Record<number, string> = {};
      for (const { id, state } of lots())
        for (let n = 1; n <= UNITS; n++) {
          if (count(intersect(state.ranges, numbered([n]))) > 0) found[n] = id;
          if (count(intersect(state.scrapped, numbered([n]))) > 0) found[n] = `${id} scrap`;
        }
      return found;
    },
  };
}

const key = (message: Message): string => ('operation' in message ? message.operation : message.lot);

/** Any order, but that of one operation's own messages: they come on one key. */
const anyOrder = (messages: readonly Message[], order: readonly number[]): Message[] => {
  const queues = new Map<string, Message[]>();
  for (const message of messages) queues.set(key(message), [...(queues.get(key(message)) ?? []), message]);
  const result: Message[] = [];
  for (let i = 0; queues.size > 0; i++) {
    const keys = [...queues.keys()];
    const next = keys[(order[i % order.length] ?? 0) % keys.length] ?? '';
    const [first, ...rest] = queues.get(next) ?? [];
    if (first) result.push(first);
    if (rest.length > 0) queues.set(next, rest);
    else queues.delete(next);
  }
  return result;
};

const lotArb = fc.constantFrom(...LOTS);
const numbers = fc.uniqueArray(fc.integer({ min: 1, max: UNITS }), { maxLength: 5 });
const kindArb = fc.constantFrom('make', 'rework', 'repair', 'split', 'merge', 'scrap', 'adjust', 'unbuild', 'relabel');
const certainty = fc.constantFrom('scanned', 'scanned', 'possible');
const unnamed = <Flow extends OperationOutput>(flow: Flow, is: boolean): Flow => (is ? { ...flow, serials: [] } : flow);
const flowArb = fc.tuple(lotArb, numbers, fc.boolean());
const inputArb = fc
  .tuple(flowArb, certainty)
  .map(([[lot, n, is], sure]) => unnamed(input(lot, n, { certainty: sure }), is));
const outputArb = flowArb.map(([lot, n, is]) => unnamed(output(lot, n), is));
const chaos = fc
  .array(
    fc.record({
      kind: kindArb,
      inputs: fc.array(inputArb, { maxLength: 3 }),
      outputs: fc.array(outputArb, { maxLength: 3 }),
      scrap: fc.array(outputArb, { maxLength: 1 }),
      lateInputs: fc.array(inputArb, { maxLength: 1 }),
      lateOutputs: fc.array(outputArb, { maxLength: 1 }),
      voided: fc.boolean(),
      twice: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((operations) =>
    operations.flatMap(({ lateInputs, lateOutputs, voided, twice, ...flows }, i): Message[] => {
      const operation = `OP-${String(i)}`;
      const recorded: Message = { type: 'recorded', operation, flows };
      return [
        recorded,
        ...(twice ? [recorded] : []),
        ...lateInputs.map((late): Message => ({ type: 'input', operation, input: late })),
        ...lateOutputs.map((late): Message => ({ type: 'output', operation, output: late })),
        ...(voided
          ? ([
              { type: 'voided', operation },
              { type: 'voided', operation },
            ] as const)
          : []),
      ];
    }),
  );
const commissionings = (homes: readonly Lot[]): Message[] =>
  LOTS.map((lot) => ({
    type: 'commissioned',
    lot,
    ranges: numbered(homes.flatMap((home, i) => (home === lot ? [i + 1] : []))),
  }));
const homesArb = fc.array(lotArb, { minLength: UNITS, maxLength: UNITS });
const orderArb = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 40 });

test('whatever is reported, in whatever order: each unit is in one place, none is lost, none comes from nowhere', async () => {
  await fc.assert(
    fc.asyncProperty(homesArb, chaos, orderArb, async (homes, messages, order) => {
      await plant().hear(anyOrder([...commissionings(homes), ...messages], order));
    }),
    { numRuns: 60 },
  );
});

interface Step {
  readonly from: readonly Lot[];
  readonly to: Lot;
  readonly pick: readonly boolean[];
  readonly kind: 'rework' | 'split' | 'merge' | 'scrap';
  readonly late: boolean;
  readonly wrong: boolean;
}
const stepArb: fc.Arbitrary<Step> = fc.record({
  from: fc.uniqueArray(lotArb, { minLength: 1, maxLength: 2 }),
  to: lotArb,
  pick: fc.array(fc.boolean(), { minLength: UNITS, maxLength: UNITS }),
  kind: fc.constantFrom('rework', 'split', 'merge', 'scrap'),
  late: fc.boolean(),
  wrong: fc.boolean(),
});

/** What truly happens to units, one step after the other, each reported under their serials; some reports are wrong, and voided. */
function history(homes: readonly Lot[], steps: readonly Step[]): { messages: Message[]; ends: Record<number, string> } {
  const at = new Map<number, string>(homes.map((home, i) => [i + 1, home]));
  const messages = steps.flatMap(({ from, to, pick, kind, late, wrong }, i): Message[] => {
    const operation = `OP-${String(i)}`;
    const units = [...at].filter(([n, lot]) => pick[n - 1] && from.some((each) => each === lot));
    if (units.length === 0) return [];
    const inputs = from
      .map((lot) =>
        input(
          lot,
          units.flatMap(([n, where]) => (where === lot ? [n] : [])),
        ),
      )
      .filter(({ serials }) => serials.length > 0);
    const all = units.map(([n]) => n);
    const outputs = kind === 'scrap' ? [] : [output(to, all)];
    const scrap = kind === 'scrap' ? inputs.map(({ lot, quantity, serials }) => ({ lot, quantity, serials })) : [];
    if (!wrong) for (const [n, where] of units) at.set(n, kind === 'scrap' ? `${where} scrap` : to);
    const [first, ...others] = inputs;
    const isLate = late && kind !== 'scrap';
    return [
      { type: 'recorded', operation, flows: { kind, inputs: isLate && first ? [first] : inputs, outputs, scrap } },
      ...(isLate ? others.map((other): Message => ({ type: 'input', operation, input: other })) : []),
      ...(wrong ? ([{ type: 'voided', operation }] as const) : []),
    ];
  });
  return { messages, ends: Object.fromEntries(at) };
}

test('a unit that comes while the operation that waits for it is followed for another one is not forgotten', async () => {
  const { hear, ends } = plant();
  const rework = (from: readonly [string, number][], to: string): Flows => ({
    ...NO_FLOWS,
    kind: 'rework',
    inputs: from.map(([lot, n]) => input(lot, [n])),
    outputs: [output(to, from.map(([, n]) => n))], // prettier-ignore
  });
  const scrapped = [
    ['D', 1],
    ['B', 8],
  ] as const;
  await hear([
    { type: 'commissioned', lot: 'A', ranges: numbered([1]) },
    { type: 'commissioned', lot: 'B', ranges: numbered([8]) },
    // Reported wrongly, and voided in the end: both units go back at once, one of them on to where it is scrapped.
    { type: 'recorded', operation: 'OP-0', flows: rework([['A', 1], ['B', 8]], 'E') }, // prettier-ignore
    { type: 'recorded', operation: 'OP-1', flows: rework([['A', 1]], 'D') },
    {
      type: 'recorded',
      operation: 'OP-2',
      flows: {
        ...NO_FLOWS,
        kind: 'scrap',
        inputs: scrapped.map(([lot, n]) => input(lot, [n])),
        scrap: scrapped.map(([lot, n]) => output(lot, [n])),
      },
    },
    { type: 'voided', operation: 'OP-0' },
  ]);
  expect(ends()).toEqual({ 1: 'D scrap', 8: 'B scrap' });
});

test('units that are named end where they are, in whatever order their records, true and voided ones, are heard', async () => {
  await fc.assert(
    fc.asyncProperty(
      homesArb,
      fc.array(stepArb, { minLength: 1, maxLength: 8 }),
      orderArb,
      async (homes, steps, order) => {
        const { messages, ends } = history(homes, steps);
        const heard = plant();
        await heard.hear(anyOrder([...commissionings(homes), ...messages], order));
        expect(heard.ends()).toEqual(ends);
      },
    ),
    { numRuns: 60 },
  );
});
