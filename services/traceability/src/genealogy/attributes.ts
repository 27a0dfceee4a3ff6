import type { Declaration, OperationHead } from './model.ts';

/**
 * Which operations, and which lots, were ever told to have a property: lists of numbers by property and value, only ever
 * added to, 4 bytes an entry (12 with a measured value). Whoever looks something up checks it on the node: what was told
 * anew or taken back since stays listed.
 */
export interface Attributes {
  readonly operations: Map<string, Listed>;
  readonly lots: Map<string, Listed>;
}

export interface Listed {
  numbers: Int32Array;
  /** Measured values, for parameters; empty for all others. */
  values: Float64Array;
  size: number;
}

/** What an operation can be found by. */
export const OPERATION_PROPERTIES = [
  'equipment',
  'operator',
  'site',
  'kind',
  'workOrder',
  'load',
  'softwareVersion',
  'labelVersion',
  'tool',
  'gauge',
] as const;
export type OperationProperty = (typeof OPERATION_PROPERTIES)[number];

/** What a lot can be found by. */
export const LOT_PROPERTIES = ['supplier', 'item', 'revision', 'purchaseOrder', 'workOrder', 'site'] as const;
export type LotProperty = (typeof LOT_PROPERTIES)[number];

export const createAttributes = (): Attributes => ({ operations: new Map(), lots: new Map() });

/** All values of one property of an operation. */
export function valuesOf(head: OperationHead, property: OperationProperty): readonly string[] {
  if (property === 'tool') return head.tools;
  if (property === 'gauge') return head.gauges;
  const value = head[property];
  return value === null ? [] : [value];
}

export function noteOperation(attributes: Attributes, operation: number, head: OperationHead): void {
  for (const property of OPERATION_PROPERTIES)
    for (const value of valuesOf(head, property)) list(attributes.operations, keyOf(property, value), operation);
  for (const { name, value } of head.parameters)
    list(attributes.operations, keyOf('parameter', name), operation, Number(value));
}

export function noteLot(attributes: Attributes, lot: number, declaration: Declaration): void {
  for (const property of LOT_PROPERTIES) {
    const value = declaration[property];
    if (value !== null && value !== '') list(attributes.lots, keyOf(property, value), lot);
  }
}

const NOTHING: Listed = { numbers: new Int32Array(0), values: new Float64Array(0), size: 0 };

export const operationsWith = (
  { operations }: Attributes,
  property: OperationProperty | 'parameter',
  value: string,
): Listed => operations.get(keyOf(property, value)) ?? NOTHING;

export const lotsWith = ({ lots }: Attributes, property: LotProperty, value: string): Listed =>
  lots.get(keyOf(property, value)) ?? NOTHING;

const keyOf = (property: string, value: string): string => `${property}\n${value}`;

const FIRST = 4;

function list(index: Map<string, Listed>, key: string, number: number, value?: number): void {
  let listed = index.get(key);
  if (!listed) {
    listed = { numbers: new Int32Array(FIRST), values: new Float64Array(value === undefined ? 0 : FIRST), size: 0 };
    index.set(key, listed);
  }
  // Told again at once: once is enough.
  if (value === undefined && listed.size > 0 && listed.numbers[listed.size - 1] === number) return;
  if (listed.size === listed.numbers.length) {
    const numbers = new Int32Array(2 * listed.size);
    numbers.set(listed.numbers);
    listed.numbers = numbers;
    const values = new Float64Array(2 * listed.values.length);
    values.set(listed.values);
    listed.values = values;
  }
  listed.numbers[listed.size] = number;
  if (value !== undefined) listed.values[listed.size] = value;
  listed.size += 1;
}
