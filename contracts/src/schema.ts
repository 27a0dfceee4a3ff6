/** The part of Avro that contracts use; everything else is refused when they are built. */
export type Schema = string | readonly Schema[] | RecordSchema | ArraySchema | EnumSchema | LogicalSchema;
export type Field = { readonly name: string; readonly type: Schema; readonly doc?: string; readonly default?: unknown };
export type RecordSchema = {
  readonly type: 'record';
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly fields: readonly Field[];
};
export type ArraySchema = { readonly type: 'array'; readonly items: Schema };
export type EnumSchema = {
  readonly type: 'enum';
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly symbols: readonly string[];
};
export type LogicalSchema = {
  readonly type: 'bytes' | 'long';
  readonly logicalType: string;
  readonly precision?: number;
  readonly scale?: number;
};

export type NamedSchema = RecordSchema | EnumSchema;

export const fullName = ({ name, namespace }: NamedSchema): string =>
  name.includes('.') || namespace === undefined ? name : `${namespace}.${name}`;

/** A schema somebody froze: what the first five bytes of a message point to. */
export type Released = {
  readonly id: number;
  readonly topic: string;
  /** Simple name: the event's `type`. */
  readonly record: string;
  /** `<topic>-<full record name>`: TopicRecordNameStrategy on the unprefixed topic. */
  readonly subject: string;
  readonly version: number;
  /** The composed schema as JSON text, shared types inlined at first use. */
  readonly schema: string;
};
