import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryEvent } from '../test/arbitrary-event.ts';
import type { TopicName } from '../topics.ts';
import { createCodec, UndecodableError, UnencodableError, UnknownSchemaIdError, type Codec } from './codec.ts';
import type { RecordOf } from './generated/events.ts';
import { released } from './generated/released.ts';
import type { RecordSchema, Released } from './schema.ts';

const codec = createCodec();
const TOPIC = 'serialization.serial-range.v1';

const commissioned: RecordOf<typeof TOPIC, 'SerialsCommissioned'> = {
  type: 'SerialsCommissioned',
  lot: 'F-SZ1-261101-00007',
  product: 'PUMP-7',
  ranges: [{ gtin: '06901234567892', prefix: 'A', width: 7, first: 1, last: 5000 }],
};

const parse = ({ schema }: Released): RecordSchema => JSON.parse(schema) as RecordSchema;
const golden = ({ topic, record, version }: Released, ending: string): Buffer =>
  readFileSync(join(import.meta.dirname, '..', 'samples', topic, record, `${String(version)}.${ending}`));
const anyCodec = codec as {
  encode: (topic: string, event: unknown) => Buffer;
  decode: (topic: string, bytes: Buffer) => unknown;
};

test('an event comes back as it was, as a plain object', () => {
  const bytes = codec.encode(TOPIC, commissioned);
  expect(codec.decode(TOPIC, bytes)).toStrictEqual(commissioned);
});

test.each(released.map((schema) => [`${schema.topic} ${schema.record} ${String(schema.version)}`, schema] as const))(
  '%s: golden bytes are read',
  (_, schema) => {
    const event = JSON.parse(golden(schema, 'json').toString('utf8')) as object;
    expect(anyCodec.decode(schema.topic, golden(schema, 'bin'))).toMatchObject(event);
    const alone = createCodec([schema]) as typeof anyCodec;
    expect(alone.encode(schema.topic, event)).toEqual(golden(schema, 'bin'));
  },
);

test('any event of any record comes back as it was; one of an older version gets what has been added since', () => {
  const newest = new Map(released.map(({ subject, version }) => [subject, version]));
  for (const schema of released) {
    const isNewest = newest.get(schema.subject) === schema.version;
    fc.assert(
      fc.property(arbitraryEvent(parse(schema)), (event) => {
        const read = anyCodec.decode(schema.topic, anyCodec.encode(schema.topic, event));
        if (isNewest) expect(read).toStrictEqual(event);
        else expect(read).toMatchObject(event);
      }),
      { numRuns: 20 },
    );
  }
});

test('whatever arrives, it is decoded or told to be undecodable', () => {
  const bytes = released.map((schema) => ({ topic: schema.topic, bytes: golden(schema, 'bin') }));
  fc.assert(
    fc.property(
      fc.constantFrom(...bytes),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(20),
      (message, changes, cut) => {
        const broken = Buffer.from(message.bytes.subarray(0, message.bytes.length - cut));
        for (const [at, byte] of changes) broken[5 + (at % Math.max(1, broken.length - 5))] = byte;
        try {
          anyCodec.decode(message.topic, broken);
        } catch (error) {
          expect(error).toBeInstanceOf(UndecodableError);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('an unknown schema id is not the same as undecodable', () => {
  const bytes = codec.encode(TOPIC, commissioned);
  bytes.writeUInt32BE(4_000_000_000, 1);
  expect(() => codec.decode(TOPIC, bytes)).toThrow(UnknownSchemaIdError);
  expect(() => codec.decode(TOPIC, bytes)).toThrow('4000000000');
});

test.each([
  ['empty', (bytes: Buffer) => bytes.subarray(0, 0)],
  ['only a header', (bytes: Buffer) => bytes.subarray(0, 5)],
  ['less than a header', (bytes: Buffer) => bytes.subarray(0, 4)],
  ['cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['with bytes left over', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])])],
  ['JSON', () => Buffer.from('{"lot":"1"}')],
])('%s: undecodable', (_, damage) => {
  expect(() => codec.decode(TOPIC, damage(codec.encode(TOPIC, commissioned)))).toThrow(UndecodableError);
});

test("another topic's schema is undecodable here", () => {
  expect(() => codec.decode('warehouse.stock.v1', codec.encode(TOPIC, commissioned))).toThrow(
    'written with a schema of serialization.serial-range.v1',
  );
});

test('text that is not UTF-8 is not silently repaired', () => {
  const bytes = codec.encode(TOPIC, commissioned);
  bytes[6] = 0xff;
  expect(() => codec.decode(TOPIC, bytes)).toThrow('not UTF-8');
});

/** Zig-zag, seven bits a byte. */
const varint = (value: bigint): Buffer => {
  const bytes: number[] = [];
  let rest = value >= 0n ? value * 2n : value * -2n - 1n;
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) + 128);
    rest /= 128n;
  }
  return Buffer.from([...bytes, Number(rest)]);
};
const header = (): Buffer => codec.encode(TOPIC, commissioned).subarray(0, 5);
const LOT_AND_PRODUCT = Buffer.from([2, 0x4c, 2, 0x50]);

test.each([
  ['an array of 2^50 items', [LOT_AND_PRODUCT, varint(2n ** 50n)]],
  ['an array of -2^50 items', [LOT_AND_PRODUCT, varint(-(2n ** 50n)), varint(1n)]],
  ['an array of 2^63 - 1 items', [LOT_AND_PRODUCT, varint(2n ** 63n - 1n)]],
  ['a text of 2^40 bytes', [varint(2n ** 40n)]],
  ['a text of -1 bytes', [varint(-1n)]],
  ['an integer without end', [Buffer.alloc(1000, 0xff)]],
])('%s costs no memory and no time', (_, body) => {
  const before = process.memoryUsage().rss;
  expect(() => codec.decode(TOPIC, Buffer.concat([header(), ...body]))).toThrow(UndecodableError);
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
});

test('an integer beyond 2^53 is refused, never rounded', () => {
  const range = [varint(0n), varint(0n), varint(7n), varint(2n ** 53n + 1n), varint(2n ** 53n + 2n)];
  const bytes = Buffer.concat([header(), LOT_AND_PRODUCT, varint(1n), ...range, varint(0n)]);
  expect(() => codec.decode(TOPIC, bytes)).toThrow(UndecodableError);
  const beyond = { ...commissioned, ranges: [{ ...commissioned.ranges[0]!, last: 2 ** 53 }] };
  expect(() => codec.encode(TOPIC, beyond)).toThrow(UnencodableError);
});

test('an event that is not what its schema says names the field', () => {
  const wrong = { ...commissioned, ranges: [{ ...commissioned.ranges[0]!, width: 1.5 }] };
  expect(() => codec.encode(TOPIC, wrong)).toThrow('serialization.serial-range.v1 SerialsCommissioned: ranges.0.width');
  expect(() => codec.encode(TOPIC, { type: 'Nothing' } as never)).toThrow('no released record Nothing');
  const quantity = { value: '0.0000000001', unit: 'EA' };
  const printed = { type: 'LabelsPrinted', lot: 'L', label: 'A', labelVersion: '1', quantity } as const;
  expect(() => codec.encode(TOPIC, printed)).toThrow('quantity.value');
});

test.each(['2026-11-01', '2026-11-01T08:00:00Z', '2026-02-30T08:00:00.000Z', '2026-11-01T08:00:00.000+01:00', 'now'])(
  '%s is no instant',
  (at) => {
    const tick = { type: 'RecallTick', at, sequence: 1, holdEnd: 1 } as const;
    expect(() => codec.encode('recall.tick.v1', tick)).toThrow('RecallTick: at');
  },
);

const evolving = (version: number, fields: readonly object[]): Released => ({
  id: version,
  topic: TOPIC,
  record: 'Counted',
  subject: `${TOPIC}-Counted`,
  version,
  schema: JSON.stringify({
    type: 'record',
    name: 'Counted',
    doc: '…',
    fields: [{ name: 'lot', type: 'string' }, ...fields],
  }),
});
const first = evolving(1, []);
const second = evolving(2, [
  { name: 'by', type: ['null', 'string'], default: null },
  { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 28, scale: 9 }, default: '\u0007' },
]);

test('yesterday’s events are read with today’s fields, and today’s by yesterday’s reader', () => {
  const old = createCodec([first]) as unknown as typeof anyCodec;
  const now = createCodec([first, second]) as unknown as typeof anyCodec;
  const written = old.encode(TOPIC, { type: 'Counted', lot: 'L' });
  expect(now.decode(TOPIC, written)).toStrictEqual({ type: 'Counted', lot: 'L', by: null, amount: '0.000000007' });
  const today = now.encode(TOPIC, { type: 'Counted', lot: 'L', by: 'ann', amount: '3' });
  expect(today.readUInt32BE(1)).toBe(2);
  expect(() => old.decode(TOPIC, today)).toThrow(UnknownSchemaIdError);
});

test('types hold at compile time', () => {
  const typed: Codec = codec;
  const topic: TopicName = TOPIC;
  const event = typed.decode(TOPIC, typed.encode(TOPIC, commissioned));
  expect(event.type === 'SerialsCommissioned' && event.ranges.length).toBe(1);
  expect(topic).toBe(TOPIC);
});
