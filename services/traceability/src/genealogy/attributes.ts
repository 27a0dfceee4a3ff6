import { createLists, type Listed, type Lists } from '../packed/lists.ts';
import type { Declaration, OperationHead } from './model.ts';

/**
 * Which operations, and which lots, were ever told to have a property: lists of numbers by property and value, only ever
 * added to. Whoever looks something up checks it on the node: what was told anew or taken back since stays listed.
 */
export interface Attributes {
  readonly operations: Lists;
  readonly lots: Lists;
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

export const createAttributes = (): Attributes => ({ operations: createLists(), lots: createLists() });

/** All values of one property of an operation. */
export function valuesOf(head: OperationHead, property: OperationProperty): readonly string[] {
  if (property === 'tool') return head.tools;
  if (property === 'gauge') return head.gauges;
  const value = head[property];
  return value === null ? [] : [value];
}

export function noteOperation(attributes: Attributes, operation: number, head: OperationHead): void {
  for (const property of OPERATION_PROPERTIES)
    for (const value of valuesOf(head, property)) attributes.operations.add(keyOf(property, value), operation);
  for (const { name, value } of head.parameters)
    attributes.operations.add(keyOf('parameter', name), operation, Number(value));
}

export function noteLot(attributes: Attributes, lot: number, declaration: Declaration): void {
  for (const property of LOT_PROPERTIES) {
    const value = declaration[property];
    if (value !== null && value !== '') attributes.lots.add(keyOf(property, value), lot);
  }
}

export const operationsWith = (
  { operations }: Attributes,
  property: OperationProperty | 'parameter',
  value: string,
): Listed => operations.get(keyOf(property, value));

export const lotsWith = ({ lots }: Attributes, property: LotProperty, value: string): Listed =>
  lots.get(keyOf(property, value));

const keyOf = (property: string, value: string): string => `${property}\n${value}`;
