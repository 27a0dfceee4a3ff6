import { readByte, readNumber, writeByte, writeNumber, type Reader, type Writer } from '../packed/bytes.ts';
import { flag, list, moment, nullable, number, record, text, type SharedFields } from '../packed/fields.ts';
import type { Quantity } from '@lotwarden/platform/quantity';
import type { Source } from './facts.ts';
import type { InputLine, Operation, OperationHead, OperationLine, Parameter, SerialMove } from './model.ts';
import { certaintyAt, edgeOf, markOf, sureness } from './marks.ts';

/** How an operation is kept as bytes: first what a walk reads (its lots, by number), then everything else. */
export interface OperationForm {
  readonly write: (out: Writer, operation: Operation) => void;
  readonly read: (from: Reader, index: number, id: string) => Operation;
}

/** What a line of an answer says of an operation. */
export interface OperationPart {
  readonly voided: boolean;
  readonly head: Pick<OperationHead, 'kind'> | null;
  readonly inputs: readonly Pick<InputLine, 'lot' | 'quantity' | 'edge' | 'told'>[];
  readonly outputs: readonly Pick<OperationLine, 'lot' | 'quantity'>[];
}

export const VOIDED = 1;
/**
 * Whole lots come out of whole lots: no serials are named or moved, everything is used up by becoming part of what is made,
 * and nothing is given back to the lot that it was taken from.
 */
export const PLAIN = 2;
/** Beside the mark of an input: nobody named it. */
const DERIVED = 32;

export const sourceField = ({ term, name }: SharedFields) =>
  record<Source>({ id: name, topic: term, occurredAt: moment });

/** What an operation has beside its inputs and outputs: a new property is added here, and nowhere else. */
function otherFields(shared: SharedFields) {
  const { term, name, quantity, serials } = shared;
  const head = record<OperationHead>({
    kind: term,
    sourceSystem: term,
    sourceOperation: name,
    site: term,
    workOrder: nullable(term),
    equipment: nullable(term),
    operator: nullable(term),
    startedAt: moment,
    endedAt: moment,
    tools: list(term),
    gauges: list(term),
    softwareVersion: nullable(term),
    labelVersion: nullable(term),
    load: nullable(name),
    parameters: list(record<Parameter>({ name: term, value: text, unit: term })),
  });
  return record<Omit<Operation, 'index' | 'id' | 'voided' | 'inputs' | 'outputs'>>({
    head: nullable(head),
    source: nullable(sourceField(shared)),
    missingInputs: list(term),
    scrap: list(record<OperationLine>({ lot: number, quantity, serials })),
    moves: list(record<SerialMove>({ from: number, to: number, ranges: serials })),
  });
}

/** Reads nothing else of its bytes. */
export function operationPart({ term, quantity, serials }: SharedFields): (from: Reader) => OperationPart {
  return (from) => {
    const start = readByte(from);
    const flags = start & FLAGS;
    const ins = countIn(from, start >>> INPUTS_AT);
    const outs = countIn(from, start >>> OUTPUTS_AT);
    const lots: number[] = [];
    const marks: number[] = [];
    for (let line = 0; line < ins; line++) {
      lots.push(readNumber(from));
      marks.push(readByte(from));
    }
    for (let line = 0; line < outs; line++) lots.push(readNumber(from));
    const amount = (): Quantity => {
      const read = quantity.read(from);
      if ((flags & PLAIN) === 0) serials.skip?.(from);
      return read;
    };
    const inputs = marks.map((mark, line) => ({ lot: lots[line] ?? 0, quantity: amount(), edge: edgeOf(mark & (DERIVED - 1)), told: (mark & DERIVED) === 0 })); // prettier-ignore
    const outputs = lots.slice(ins).map((lot) => ({ lot, quantity: amount() }));
    // Its kind is the first of what an operation has beside its lines.
    const head = flag.read(from) ? { kind: term.read(from) } : null;
    return { voided: (flags & VOIDED) > 0, head, inputs, outputs };
  };
}

export function operationForm(shared: SharedFields): OperationForm {
  const others = otherFields(shared);
  const { quantity, serials } = shared;
  const writeAmounts = (out: Writer, lines: readonly OperationLine[], isPlain: boolean): void => {
    for (const line of lines) {
      quantity.write(out, line.quantity);
      if (!isPlain) serials.write(out, line.serials);
    }
  };
  return {
    write: (out, operation) => {
      const { inputs, outputs } = operation;
      const flags = flagsOf(operation);
      writeStart(out, flags, inputs.length, outputs.length);
      for (const { lot, edge, certainty, told } of inputs) {
        writeNumber(out, lot);
        writeByte(out, markOf(edge, certainty) + (told ? 0 : DERIVED));
      }
      for (const { lot } of outputs) writeNumber(out, lot);
      // Those of a plain operation name no serials.
      const isPlain = (flags & PLAIN) > 0;
      writeAmounts(out, inputs, isPlain);
      writeAmounts(out, outputs, isPlain);
      others.write(out, operation);
    },
    read: (from, index, id) => {
      const start = readByte(from);
      const flags = start & FLAGS;
      const ins = countIn(from, start >>> INPUTS_AT);
      const outs = countIn(from, start >>> OUTPUTS_AT);
      const inputs: { lot: number; mark: number }[] = [];
      const outputs: number[] = [];
      for (let line = 0; line < ins; line++) inputs.push({ lot: readNumber(from), mark: readByte(from) });
      for (let line = 0; line < outs; line++) outputs.push(readNumber(from));
      const isPlain = (flags & PLAIN) > 0;
      const amount = (lot: number): OperationLine => ({ lot, quantity: quantity.read(from), serials: isPlain ? [] : serials.read(from) }); // prettier-ignore
      return {
        index,
        id,
        voided: (flags & VOIDED) > 0,
        inputs: inputs.map(({ lot, mark }): InputLine => ({
          ...amount(lot),
          edge: edgeOf(mark & (DERIVED - 1)),
          certainty: certaintyAt(sureness(mark)),
          told: (mark & DERIVED) === 0,
        })),
        outputs: outputs.map(amount),
        ...others.read(from),
      };
    },
  };
}

/** The first byte: flags, and how many inputs and outputs; if there are seven or more of them the rest follows. */
const FLAGS = 3;
const INPUTS_AT = 2;
const OUTPUTS_AT = 5;
const MANY = 7;

function writeStart(out: Writer, flags: number, ins: number, outs: number): void {
  writeByte(out, flags | (Math.min(ins, MANY) << INPUTS_AT) | (Math.min(outs, MANY) << OUTPUTS_AT));
  if (ins >= MANY) writeNumber(out, ins - MANY);
  if (outs >= MANY) writeNumber(out, outs - MANY);
}

const countIn = (from: Reader, bits: number): number => {
  const count = bits & MANY;
  return count === MANY ? MANY + readNumber(from) : count;
};

export function flagsOf({ voided, inputs, outputs, moves }: Operation): number {
  const isPlain =
    moves.length === 0 &&
    inputs.every(({ edge, serials }) => (edge === 'material' || edge === 'installed') && serials.length === 0) &&
    outputs.every(({ lot, serials }) => serials.length === 0 && inputs.every((input) => input.lot !== lot));
  return (voided ? VOIDED : 0) | (isPlain ? PLAIN : 0);
}

/** What a walk reads of an operation. */
export interface OperationLots {
  readonly input: (lot: number, mark: number) => void;
  readonly output: (lot: number) => void;
}

/** Reads no further than that; returns the flags. */
export function readHead(from: Reader, { input, output }: OperationLots): number {
  const start = readByte(from);
  const ins = countIn(from, start >>> INPUTS_AT);
  const outs = countIn(from, start >>> OUTPUTS_AT);
  for (let line = 0; line < ins; line++) {
    const lot = readNumber(from);
    input(lot, readByte(from) & (DERIVED - 1));
  }
  for (let line = 0; line < outs; line++) output(readNumber(from));
  return start & FLAGS;
}
