import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Instant } from '../instant.ts';
import { evolveSaga, noSaga, type Acknowledgement, type SagaDefinition, type SagaState } from './saga.ts';
import { acknowledge, begin, lapse, raiseEpoch, signal, waitingFor, type Turn } from './turn.ts';

interface Freeze {
  readonly hold: string;
}

type Command =
  | { readonly do: 'place-hold'; readonly hold: string; readonly epoch: number; readonly attempt: number }
  | { readonly do: 'call-recall-manager'; readonly step: string; readonly missing: readonly string[] }
  | { readonly do: 'send-notices' };

const GATES = ['receiving', 'warehouse', 'qms'];

const recall: SagaDefinition<Freeze, string, Command> = {
  name: 'recall',
  version: 1,
  first: 'draft',
  steps: {
    draft: { on: { launch: 'freeze' } },
    freeze: {
      pivotal: true,
      enter: ({ data, epoch, attempt }) => [{ do: 'place-hold', hold: data.hold, epoch, attempt }],
      waitsFor: () => GATES,
      next: 'frozen',
      deadline: {
        after: 30_000,
        then: 'retry',
        escalate: (saga) => [{ do: 'call-recall-manager', step: saga.step, missing: waitingFor(recall, saga) }],
      },
    },
    frozen: { enter: () => [{ do: 'send-notices' }], on: { close: 'closed' } },
    closed: { end: true },
  },
};

const T0 = '2026-11-01T08:00:00.000Z' as Instant;
const at = (ms: number): Instant => new Date(Date.parse(T0) + ms).toISOString() as Instant;
const data = { hold: 'H-1' };

const after = (state: SagaState<Freeze>, { events }: Turn<Freeze, Command>): SagaState<Freeze> =>
  events.reduce(evolveSaga, state);

const launched = (): SagaState<Freeze> => {
  const draft = after(noSaga(data), begin(recall, noSaga(data), data, T0));
  return after(draft, signal(recall, draft, { name: 'launch' }, T0));
};

const ack = (participant: string, epoch = 0, incarnation = 'a'): Acknowledgement => ({
  participant,
  epoch,
  at: T0,
  incarnation,
});

test('a draft waits for the decision to launch, then asks for the hold and sets a deadline', () => {
  const draft = after(noSaga(data), begin(recall, noSaga(data), data, T0));
  expect(draft).toMatchObject({ status: 'running', definition: 1, step: 'draft', deadline: null });
  expect(signal(recall, draft, { name: 'launch' }, T0)).toEqual({
    events: [{ type: 'StepEntered', step: 'freeze', at: T0, deadline: at(30_000) }],
    commands: [{ do: 'place-hold', hold: 'H-1', epoch: 0, attempt: 1 }],
  });
  expect(() => signal(recall, draft, { name: 'close' }, T0)).toThrow('saga-step-refuses');
});

test('frozen is when every gate has acknowledged; only then the notices go', () => {
  let saga = launched();
  for (const gate of ['qms', 'receiving']) saga = after(saga, acknowledge(recall, saga, ack(gate), T0));
  expect(waitingFor(recall, saga)).toEqual(['warehouse']);
  expect(acknowledge(recall, saga, ack('warehouse'), at(7))).toEqual({
    events: [
      { type: 'Acknowledged', acknowledgement: ack('warehouse') },
      { type: 'StepEntered', step: 'frozen', at: at(7), deadline: null },
    ],
    commands: [{ do: 'send-notices' }],
  });
});

test('a deadline asks again with the next attempt and calls people, naming whom it waits for; never gives up', () => {
  let saga = after(launched(), acknowledge(recall, launched(), ack('qms'), T0));
  expect(lapse(recall, saga, at(29_999))).toEqual({ events: [], commands: [] });
  for (const attempt of [2, 3, 4]) {
    const now = at(30_000 * (attempt - 1));
    const turn = lapse(recall, saga, now);
    expect(turn.commands).toEqual([
      { do: 'place-hold', hold: 'H-1', epoch: 0, attempt },
      { do: 'call-recall-manager', step: 'freeze', missing: ['receiving', 'warehouse'] },
    ]);
    saga = after(saga, turn);
  }
  expect(saga.step).toBe('freeze');
});

test('what widens freezes again: acknowledgements of the epoch before do not count, later ones count for all before', () => {
  let saga = launched();
  for (const gate of GATES) saga = after(saga, acknowledge(recall, saga, ack(gate), T0));
  expect(saga.step).toBe('frozen');
  saga = after(saga, raiseEpoch(recall, saga, { step: 'freeze' }, T0));
  expect(saga).toMatchObject({ step: 'freeze', epoch: 1 });
  saga = after(saga, acknowledge(recall, saga, ack('qms', 5), T0));
  expect(waitingFor(recall, saga)).toEqual(['receiving', 'warehouse']);
});

test('a participant that was restored has to acknowledge anew', () => {
  let saga = after(launched(), acknowledge(recall, launched(), ack('qms', 3, 'a'), T0));
  saga = after(saga, raiseEpoch(recall, saga, { step: 'freeze' }, T0));
  saga = after(saga, acknowledge(recall, saga, ack('qms', 0, 'b'), T0));
  expect(waitingFor(recall, saga)).toContain('qms');
});

test('acknowledgements twice, late and in any order lead to the same step, and notices are asked for once', () => {
  const acks = fc.shuffledSubarray(
    [...GATES, ...GATES, ...GATES].map((gate) => ack(gate)),
    { minLength: 9, maxLength: 9 },
  );
  fc.assert(
    fc.property(acks, (order) => {
      let saga = launched();
      let notices = 0;
      for (const one of order) {
        const turn = acknowledge(recall, saga, one, T0);
        notices += turn.commands.filter((command) => command.do === 'send-notices').length;
        saga = after(saga, turn);
      }
      expect([saga.step, notices]).toEqual(['frozen', 1]);
    }),
  );
});

test('a closed saga has no deadline any more', () => {
  let saga = launched();
  for (const gate of GATES) saga = after(saga, acknowledge(recall, saga, ack(gate), T0));
  saga = after(saga, signal(recall, saga, { name: 'close' }, T0));
  expect(saga).toMatchObject({ status: 'ended', step: 'closed', deadline: null });
});
