import type { Instant } from '../instant.ts';
import type { Aggregate, Store, Stored, Work } from '../store/store.ts';
import {
  evolveSaga,
  noSaga,
  type Acknowledgement,
  type SagaDefinition,
  type SagaEvent,
  type SagaState,
} from './saga.ts';
import { inStoredTrace } from '../telemetry/spans.ts';
import { acknowledge, begin, lapse, raiseEpoch, signal, type Turn } from './turn.ts';

/** A saga of a service, as its inventory names it. */
export interface Saga {
  readonly name: string;
  /** Looks for deadlines that have passed and acts on them; how many there were. */
  readonly lapse: () => Promise<number>;
  /** The oldest of each step that runs. */
  readonly ages: () => Promise<readonly SagaAge[]>;
}

export interface SagaAge {
  readonly saga: string;
  readonly step: string;
  readonly enteredAt: Date;
}

/**
 * What a service does with its sagas; everything inside the unit of work that learned of it, so that a step and what it
 * asks for happen together or not at all. All but `begin` pass over a saga that is not there or has ended.
 */
export interface Sagas<Data> extends Saga {
  readonly get: (id: string) => Promise<Stored<SagaState<Data>> | undefined>;
  readonly load: (work: Work, id: string) => Promise<SagaState<Data>>;
  /** Those that run and stand in this step: for work that no acknowledgement announces. */
  readonly inStep: (step: string) => Promise<readonly { readonly id: string; readonly state: SagaState<Data> }[]>;
  /** Again with the same id changes nothing. */
  readonly begin: (work: Work, id: string, data: Data) => Promise<void>;
  readonly acknowledge: (work: Work, id: string, acknowledgement: Acknowledgement) => Promise<void>;
  /** A decision from outside. Throws `saga-step-refuses` where the step does not hear it. */
  readonly signal: (work: Work, id: string, name: string, data?: Data) => Promise<void>;
  /** More is asked of the participants: in `step`, who has acknowledged less has to acknowledge anew. */
  readonly raiseEpoch: (work: Work, id: string, step: string, data?: Data) => Promise<void>;
}

export interface SagaParts<Data, Command> {
  readonly store: Store;
  /** All versions that may still run; new sagas begin on the highest. */
  readonly definitions: readonly SagaDefinition<Data, string, Command>[];
  /** Data of a saga that does not exist. */
  readonly initial: Data;
  /** Does what a step asks for, with `work` only: it may run again. */
  readonly perform: (
    command: Command,
    saga: { readonly id: string; readonly state: SagaState<Data> },
    work: Work,
  ) => Promise<void>;
}

/** How many lapsed deadlines one round sees to. */
const ROUND = 100;

export function createSagas<Data, Command>(parts: SagaParts<Data, Command>): Sagas<Data> {
  const { store, definitions, initial, perform } = parts;
  const newest = definitions.toSorted((a, b) => b.version - a.version)[0];
  if (newest === undefined) throw new Error('a saga needs a definition');
  const { name } = newest;
  const sagas: Aggregate<SagaState<Data>, SagaEvent<Data>> = store.aggregate({
    collection: `${name.replaceAll('-', '_')}_sagas`,
    initial: noSaga(initial),
    evolve: evolveSaga<Data>,
    indexes: [{ key: { 'state.status': 1, 'state.deadline': 1 }, name: 'deadlines' }],
  });

  const definitionOf = ({ definition }: SagaState<Data>): SagaDefinition<Data, string, Command> => {
    const own = definitions.find(({ version }) => version === definition);
    if (own === undefined) throw new Error(`saga ${name} runs on version ${String(definition)}, which is gone`);
    return own;
  };

  async function take(
    work: Work,
    id: string,
    decide: (state: SagaState<Data>, now: Instant) => Turn<Data, Command>,
  ): Promise<void> {
    const now = store.clock().toISOString() as Instant;
    const [loaded] = await work.load(sagas, [id]);
    if (loaded === undefined) throw new Error(`saga ${id} could not be loaded`);
    const turn = decide(loaded.state, now);
    if (turn.events.length === 0 && turn.commands.length === 0) return;
    const { trace } = work.context;
    const moved = turn.events.some(({ type }) => type === 'StepEntered') && trace !== undefined;
    const events = moved ? [...turn.events, { type: 'TraceTaken' as const, trace }] : turn.events;
    const { state } = await work.append(sagas, id, events);
    for (const command of turn.commands) await perform(command, { id, state }, work);
  }

  const running =
    (
      decide: (
        definition: SagaDefinition<Data, string, Command>,
        state: SagaState<Data>,
        now: Instant,
      ) => Turn<Data, Command>,
    ) =>
    (state: SagaState<Data>, now: Instant): Turn<Data, Command> =>
      state.status === 'running' ? decide(definitionOf(state), state, now) : { events: [], commands: [] };

  async function lapseOne(id: string, stored: string | null | undefined): Promise<void> {
    await inStoredTrace(`deadline ${name}`, stored, (trace) =>
      store.work({ actor: `service:${store.service}`, reason: `deadline of ${name}`, trace }, (work) =>
        take(
          work,
          id,
          running((definition, state, now) => lapse(definition, state, now)),
        ),
      ),
    );
  }

  return {
    name,
    get: (id) => sagas.get(id),
    load: async (work, id) => (await work.load(sagas, [id]))[0]?.state ?? noSaga(initial),
    inStep: async (step) => {
      const running = { 'state.status': 'running', 'state.step': step };
      const { items } = await sagas.find(running, { limit: ROUND });
      return items.map(({ id, state }) => ({ id, state }));
    },
    begin: (work, id, data) =>
      take(work, id, (state, now) =>
        state.status === 'unknown' ? begin(newest, state, data, now) : { events: [], commands: [] },
      ),
    acknowledge: (work, id, acknowledgement) =>
      take(
        work,
        id,
        running((definition, state, now) => acknowledge(definition, state, acknowledgement, now)),
      ),
    signal: (work, id, given, data) =>
      take(
        work,
        id,
        running((definition, state, now) => signal(definition, state, { name: given, data }, now)),
      ),
    raiseEpoch: (work, id, step, data) =>
      take(
        work,
        id,
        running((definition, state, now) => raiseEpoch(definition, state, { step, data }, now)),
      ),
    lapse: async () => {
      const now = store.clock().toISOString();
      const due = await store.db
        .collection<{ _id: string; state: { readonly trace?: string | null } }>(sagas.definition.collection)
        .find(
          { 'state.status': 'running', 'state.deadline': { $ne: null, $lte: now } },
          { projection: { 'state.trace': 1 } },
        )
        .limit(ROUND)
        .toArray();
      for (const { _id, state } of due) await lapseOne(_id, state.trace);
      return due.length;
    },
    ages: async () => {
      const groups = await store.db
        .collection(sagas.definition.collection)
        .aggregate<{ _id: string; enteredAt: string }>([
          { $match: { 'state.status': 'running' } },
          { $group: { _id: '$state.step', enteredAt: { $min: '$state.enteredAt' } } },
        ])
        .toArray();
      return groups.map(({ _id, enteredAt }) => ({ saga: name, step: _id, enteredAt: new Date(enteredAt) }));
    },
  };
}
