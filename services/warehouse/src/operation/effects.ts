import type { OperationInput, OperationOutput, SerialRange } from '@lotwarden/contracts/events';
import { FIELD_RELABEL } from '../stock/stock.ts';
import type { Quantity } from '@lotwarden/platform/quantity';

/** What one operation did to the stock of one lot at one place. */
export interface Effect {
  readonly lot: string;
  readonly direction: 'in' | 'out';
  readonly quantity: Quantity;
  readonly site: string;
  readonly location: string;
  readonly serials: readonly SerialRange[];
}

/**
 * What the warehouse booked for an operation, so that its void takes back exactly that; and its inputs and outputs, so
 * that what is told of it later meets the rest: a late input passes its holds on to every output, a late output
 * inherits those of every input.
 */
export interface Effects {
  /** heard: parts of it came before the whole; nothing is booked, since nobody said where it was. */
  readonly status: 'unknown' | 'heard' | 'booked' | 'voided';
  readonly site: string;
  readonly kind: string;
  readonly inputs: readonly OperationInput[];
  readonly outputs: readonly OperationOutput[];
  readonly booked: readonly Effect[];
}

export type EffectsEvent =
  | { readonly type: 'PartHeard'; readonly input?: OperationInput; readonly output?: OperationOutput }
  | {
      readonly type: 'WholeHeard';
      readonly site: string;
      readonly kind: string;
      readonly inputs: readonly OperationInput[];
      readonly outputs: readonly OperationOutput[];
    }
  | { readonly type: 'Booked'; readonly effects: readonly Effect[] }
  | { readonly type: 'Voided' };

export const NO_EFFECTS: Effects = { status: 'unknown', site: '', kind: '', inputs: [], outputs: [], booked: [] };

export function evolve(known: Effects, event: EffectsEvent): Effects {
  switch (event.type) {
    case 'PartHeard': {
      const { input, output } = event;
      return {
        ...known,
        status: known.status === 'unknown' ? 'heard' : known.status,
        inputs: input ? [...known.inputs, input] : known.inputs,
        outputs: output ? [...known.outputs, output] : known.outputs,
      };
    }
    case 'WholeHeard': {
      // The whole repeats the parts that were told before it.
      const { type: _, ...whole } = event;
      return { ...known, ...whole, status: 'booked' };
    }
    case 'Booked':
      return { ...known, booked: [...known.booked, ...event.effects] };
    case 'Voided':
      return { ...known, status: 'voided', booked: [] };
  }
}

/** Done to goods that a custodian has: nothing leaves a shelf of ours, or comes to one. */
export const isElsewhere = ({ kind }: Pick<Effects, 'kind'>): boolean => kind === FIELD_RELABEL;

/** Loads, tools and boxes take part in an operation without being used up. */
export const consumes = ({ edge }: Pick<OperationInput, 'edge'>): boolean =>
  edge !== 'exposure' && edge !== 'containment';

/**
 * Serials that leave with an input. Where the same lot comes out again without naming its units, nobody knows yet which
 * of them stayed: serialization will say.
 */
export const leavingSerials = (input: OperationInput, outputs: readonly OperationOutput[]): readonly SerialRange[] =>
  outputs.some(({ lot, serials }) => lot === input.lot && serials.length === 0) ? [] : input.serials;

/** What is scrapped from the shelf: lots that did not go into the operation. */
export const scrappedFromShelf = (
  kind: string,
  inputs: readonly OperationInput[],
  scrap: readonly OperationOutput[],
): OperationOutput[] => (kind === 'scrap' ? scrap.filter(({ lot }) => !inputs.some((input) => input.lot === lot)) : []);
