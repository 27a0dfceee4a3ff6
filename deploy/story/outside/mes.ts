import { decimal, millis, quantity } from './avro-values.ts';
import { connectPublisher, type Addresses } from './registry-publisher.ts';

/** What a plant's MES knows of a lot: its own number, or what is printed on the supplier's label. */
export interface LotName {
  readonly system: string;
  readonly code: string;
}
export interface Serials {
  readonly gtin: string;
  readonly prefix: string;
  readonly width: number;
  readonly first: number;
  readonly last: number;
}
export interface Input {
  readonly lot: LotName;
  readonly quantity: number;
  readonly serials?: readonly Serials[];
}
export interface Output extends Input {
  readonly product: string;
}
export interface Job {
  readonly operation: string;
  readonly kind: 'make' | 'rework' | 'split' | 'scrap';
  readonly workOrder: string;
  readonly equipment: string;
  readonly operator: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly parameters?: readonly { readonly name: string; readonly value: string; readonly unit: string }[];
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  readonly scrap?: readonly Output[];
}

const input = ({ lot, quantity: n, serials = [] }: Input) => ({
  lot,
  quantity: quantity(n),
  edge: 'material',
  certainty: 'scanned',
  serials,
});
const output = ({ lot, product, quantity: n, serials = [] }: Output) => ({
  lot,
  product,
  quantity: quantity(n),
  serials,
});

/** A simulated MES of one plant. It numbers its messages, and may send one twice. */
export async function connectMes(sourceSystem: string, site: string, addresses: Addresses) {
  const { publish, close } = await connectPublisher(sourceSystem, 'mes.inbound.v1', addresses);
  let sent = 0;
  const head = (occurredAt: string, operator: string | null) => {
    sent += 1;
    return {
      sourceSystem,
      messageId: `${sourceSystem}-${String(sent)}`,
      occurredAt: millis(occurredAt),
      site,
      operator,
    };
  };

  return {
    /** `copies` > 1: the same message again, as a nervous gateway would. */
    record: async (job: Job, copies = 1): Promise<void> => {
      const message = {
        ...head(job.endedAt, job.operator),
        operation: job.operation,
        kind: job.kind,
        workOrder: job.workOrder,
        equipment: job.equipment,
        parameters: (job.parameters ?? []).map((p) => ({ ...p, value: decimal(p.value) })),
        startedAt: millis(job.startedAt),
        endedAt: millis(job.endedAt),
        inputs: job.inputs.map(input),
        outputs: job.outputs.map(output),
        scrap: (job.scrap ?? []).map(output),
      };
      for (let copy = 0; copy < copies; copy++) await publish('OperationRecorded', job.operation, message);
    },
    consume: (operation: string, workOrder: string, consumed: Input, occurredAt: string, operator: string) =>
      publish('MaterialConsumed', operation, {
        ...head(occurredAt, operator),
        operation,
        workOrder,
        input: input(consumed),
      }),
    takeBack: (operation: string, reason: string, replacedBy: string | null, occurredAt: string, operator: string) =>
      publish('OperationVoided', operation, { ...head(occurredAt, operator), operation, reason, replacedBy }),
    close,
  };
}
