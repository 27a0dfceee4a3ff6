import type {
  EventOf,
  InboundInput,
  InboundOutput,
  OperationInput,
  OperationOutput,
} from '@lotwarden/contracts/events';
import { consumer } from '@lotwarden/platform/consumer';
import { Rejected } from '@lotwarden/platform/errors';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { inheritHolds } from '../production-lot/inherit-holds.store.ts';
import type { LotNames, Made } from '../production-lot/name-lots.store.ts';
import { mountsReported } from '../material-mount/mounts-reported.store.ts';
import { loadsReported } from '../process-load/loads-reported.store.ts';
import { loadId } from '../process-load/process-load.ts';
import { absurdTimes } from './absurd.ts';
import { assess } from './assess-operation.ts';
import { knowLots } from './know-lots.store.ts';
import { operationId, type Operation, type OperationEvent } from './operation.ts';
import { addInput, addOutput, recordOperation, voidOperation, type Assess } from './record-operation.ts';

type Reported<Name extends string> = Extract<EventOf<'mes.inbound.v1'>, { type: Name }>;

interface Flows {
  readonly inputs?: readonly OperationInput[];
  readonly outputs?: readonly OperationOutput[];
  readonly scrap?: readonly OperationOutput[];
}

/** What MES says has happened, has happened: nothing is refused, what broke a rule is kept with a violation. */
export const mesReported = ({ house, names }: { house: House; names: LotNames }) => {
  const { operations } = house;

  async function inputsOf(work: Work, said: readonly InboundInput[], where: { operation: string; site: string }) {
    const inputs: OperationInput[] = [];
    for (const input of said) inputs.push({ ...input, lot: await names.input(work, input.lot, where) });
    return inputs;
  }

  async function outputsOf(work: Work, said: readonly InboundOutput[], made: Omit<Made, 'product'>) {
    const outputs: OperationOutput[] = [];
    for (const { lot, product, quantity, serials } of said)
      outputs.push({ lot: await names.output(work, lot, { ...made, product }), quantity, serials });
    return outputs;
  }

  /** One change of an operation: decided with all that is known of its lots, old and new; then holds go on to what it made. */
  async function change(
    work: Work,
    report: { operation: string; kind?: string; moment: string; flows: Flows; said: readonly InboundOutput[] },
    decide: (known: Operation, rules: Assess) => OperationEvent[],
  ): Promise<void> {
    const { operation, moment, flows, said } = report;
    const [before] = await work.load(operations, [operation]);
    const all = [flows, before?.state ?? {}].flatMap(({ inputs = [], outputs = [], scrap = [] }: Flows) => [
      ...inputs,
      ...outputs,
      ...scrap,
    ]);
    const knowledge = await knowLots(
      house,
      work,
      all.map(({ lot }) => lot),
    );
    const told = [...(flows.outputs ?? []), ...(flows.scrap ?? [])];
    const named = new Map(told.flatMap(({ lot }, index) => (said[index] ? [[lot, said[index].product] as const] : [])));
    // The revisions in force when the operation ended, also for what is reported of it later.
    const { startedAt, endedAt = moment } = before?.state.circumstances ?? {};
    const kind = before?.state.circumstances?.kind ?? report.kind ?? null;
    const rules = assess(knowledge, { kind, began: startedAt ?? null, moment: endedAt, named });
    // A product that nobody has specified, guarded: its specification judges what it finds, and must find this.
    for (const { product } of said) {
      const [specified] = await work.load(house.products, [product]);
      if (specified?.version === 0) await work.touch(house.products, product);
    }
    const { state } = await work.change(operations, operation, (known) => decide(known, rules));
    // Also where nothing is new: a restored database has its operations back, but not what their outputs had inherited.
    await inheritHolds(house, work, state);
  }

  async function recorded(event: Reported<'OperationRecorded'>, heardAt: string, work: Work): Promise<void> {
    const { type: _, messageId: __, occurredAt: ___, operation: sourceOperation, ...facts } = event;
    const { inputs: used, outputs: made, scrap: lost, ...circumstances } = facts;
    const { site, workOrder, endedAt: moment } = circumstances;
    const operation = operationId(event.sourceSystem, sourceOperation);
    // Outputs first: a lot that goes in and comes out (split, rework) is declared by what comes out.
    const outputs = await outputsOf(work, made, { site, workOrder, moment });
    const scrap = await outputsOf(work, lost, { site, workOrder, moment });
    const inputs = await inputsOf(work, used, { operation, site });
    const load = circumstances.load === null ? null : loadId(event.sourceSystem, circumstances.load);
    const strange = absurdTimes(circumstances, heardAt);
    const told = { sourceOperation, ...circumstances, load };
    const whole = { operation, circumstances: told, inputs, outputs, scrap, strange };
    const { kind } = circumstances;
    await change(work, { operation, kind, moment, flows: whole, said: [...made, ...lost] }, (known, rules) =>
      recordOperation(known, whole, rules),
    );
  }

  async function consumed(event: Reported<'MaterialConsumed'>, work: Work): Promise<void> {
    const operation = operationId(event.sourceSystem, event.operation);
    const inputs = await inputsOf(work, [event.input], { operation, site: event.site });
    await change(work, { operation, moment: event.occurredAt, flows: { inputs }, said: [] }, (known, rules) =>
      inputs.flatMap((input) => addInput(known, { operation, input }, rules)),
    );
  }

  async function produced(event: Reported<'UnitsProduced'>, work: Work): Promise<void> {
    const { site, workOrder, occurredAt: moment } = event;
    const operation = operationId(event.sourceSystem, event.operation);
    const outputs = await outputsOf(work, [event.output], { site, workOrder, moment });
    await change(work, { operation, moment, flows: { outputs }, said: [event.output] }, (known, rules) =>
      outputs.flatMap((output) => addOutput(known, { operation, output }, rules)),
    );
  }

  async function voided(event: Reported<'OperationVoided'>, work: Work): Promise<void> {
    const { sourceSystem, reason } = event;
    const operation = operationId(sourceSystem, event.operation);
    const replacedBy = event.replacedBy === null ? null : operationId(sourceSystem, event.replacedBy);
    await work.change(operations, operation, (known) => voidOperation(known, { operation, reason, replacedBy }));
  }

  const mounts = mountsReported({ house, names });
  const loads = loadsReported({ house, names });

  return consumer({
    topic: 'mes.inbound.v1',
    group: 'mes-bridge.operation',
    on: {
      OperationRecorded: ({ event, recordedAt }, work) => keep(() => recorded(event, recordedAt, work)),
      MaterialConsumed: ({ event }, work) => keep(() => consumed(event, work)),
      UnitsProduced: ({ event }, work) => keep(() => produced(event, work)),
      OperationVoided: ({ event }, work) => keep(() => voided(event, work)),
      MaterialMounted: ({ event }, work) => keep(() => mounts.mounted(event, work)),
      MaterialUnmounted: ({ event }, work) => keep(() => mounts.unmounted(event, work)),
      MaterialMountVoided: ({ event }, work) => keep(() => mounts.voided(event, work)),
      ProcessLoadRecorded: ({ event }, work) => keep(() => loads.recorded(event, work)),
      ProcessLoadVoided: ({ event }, work) => keep(() => loads.voided(event, work)),
    },
  });
};

/** A fact is never refused: what the rules of ids cannot take waits, parked with its key, for somebody to help. */
async function keep(attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt();
  } catch (cause) {
    if (cause instanceof Rejected) throw new Error(`this fact cannot be kept yet: ${cause.code}`, { cause });
    throw cause;
  }
}
