import avro, { type Type } from 'avsc';
import { decimalFromBytes, decimalToBytes } from './decimal.ts';
import { safeLong } from './safe-long.ts';
import type { RecordSchema } from './schema.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const LENGTH = '2026-11-01T08:00:00.000Z'.length;

/** Exact decimals travel as text. Another precision or scale is another type: no reader resolves one into the other. */
// eslint-disable-next-line house/no-classes -- avsc takes logical types as subclasses of its own
class DecimalType extends avro.types.LogicalType {
  readonly precision: number;
  readonly scale: number;
  constructor(schema: { precision?: number; scale?: number }, options?: unknown) {
    super(schema as never, options);
    this.precision = schema.precision ?? 0;
    this.scale = schema.scale ?? 0;
  }
  protected override _fromValue(bytes: Buffer): string {
    return decimalFromBytes(bytes, this.precision, this.scale);
  }
  protected override _toValue(text: unknown): Buffer | undefined {
    return typeof text === 'string' ? decimalToBytes(text, this.precision, this.scale) : undefined;
  }
  protected override _resolve(writer: Type): ((value: Buffer) => string) | undefined {
    return writer instanceof DecimalType && writer.precision === this.precision && writer.scale === this.scale
      ? (value) => value as unknown as string
      : undefined;
  }
}

// eslint-disable-next-line house/no-classes -- avsc takes logical types as subclasses of its own
class InstantType extends avro.types.LogicalType {
  protected override _fromValue(milliseconds: number): string {
    const text = new Date(milliseconds).toISOString();
    // Years of more than four digits could not be written back.
    if (text.length !== LENGTH) throw new RangeError(`an instant out of range: ${text}`);
    return text;
  }
  protected override _toValue(text: unknown): number | undefined {
    if (typeof text !== 'string' || !INSTANT.test(text)) return undefined;
    const milliseconds = Date.parse(text);
    // Date.parse takes 30 February for 2 March.
    return Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text ? undefined : milliseconds;
  }
  protected override _resolve(writer: Type): ((value: string) => string) | undefined {
    return writer instanceof InstantType ? (value) => value : undefined;
  }
}

/** The working form of a composed schema. Values are plain objects; decimals and instants are text; longs are safe integers. */
export function avroType(schema: RecordSchema): Type {
  const type = avro.Type.forSchema(structuredClone(schema) as never, {
    assertLogicalTypes: true,
    logicalTypes: { decimal: DecimalType as never, 'timestamp-millis': InstantType },
    omitRecordMethods: true,
    registry: { long: safeLong() },
    wrapUnions: 'never',
  });
  makePlain(type);
  return type;
}

/** avsc builds each record by a constructor of its own; with this prototype what it builds is a plain object. */
function makePlain(type: Type): void {
  if (type instanceof avro.types.RecordType) {
    (type.recordConstructor as { prototype: object }).prototype = Object.prototype;
    for (const field of type.fields) makePlain(field.type);
  }
  if (type instanceof avro.types.ArrayType) makePlain(type.itemsType);
  if (type instanceof avro.types.UnwrappedUnionType) type.types.forEach(makePlain);
}
