import type { Type } from 'avsc';
import type { TopicName } from '../topics.ts';
import { avroType } from './avro-type.ts';
import { bodyFits } from './body-fits.ts';
import type { EventOf } from './generated/events.ts';
import { released as everyReleased } from './generated/released.ts';
import type { RecordSchema, Released } from './schema.ts';

/** The bytes are no message of this topic: wrong first byte, cut off, another topic's schema, a body that does not fit. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

/** Nothing known was written with this id. Not the same as undecodable: a new producer may only have been deployed first. */
export class UnknownSchemaIdError extends Error {
  override readonly name = 'UnknownSchemaIdError';
  readonly schemaId: number;
  constructor(schemaId: number) {
    super(`no released schema has the id ${schemaId}`);
    this.schemaId = schemaId;
  }
}

/** The event is not what its schema says: a bug where it was made. */
export class UnencodableError extends Error {
  override readonly name = 'UnencodableError';
}

export type Codec = {
  /** Confluent wire format: 0x00, schema id (4 bytes, big-endian), Avro body; written with the newest released schema. */
  readonly encode: <T extends TopicName>(topic: T, event: EventOf<T>) => Buffer;
  /** What today's reader sees of it, whichever released version wrote it. Throws UndecodableError or UnknownSchemaIdError. */
  readonly decode: <T extends TopicName>(topic: T, bytes: Buffer) => EventOf<T>;
};

type Writer = { readonly id: number; readonly type: Type };
type Reader = { readonly topic: string; readonly read: (bytes: Buffer) => { type: string } };

const HEADER = 5;

/** Types are built when they are first needed. The caches hold released schemas only, so hostile ids do not fill them. */
export function createCodec(released: readonly Released[] = everyReleased): Codec {
  const byId = new Map(released.map((schema) => [schema.id, schema]));
  const newest = new Map<string, Released>();
  for (const schema of released) {
    const subject = `${schema.topic} ${schema.record}`;
    if (schema.version > (newest.get(subject)?.version ?? 0)) newest.set(subject, schema);
  }
  const types = new Map<number, Type>();
  const writers = new Map<string, Writer>();
  const readers = new Map<number, Reader>();

  const typeOf = (schema: Released): Type => cached(types, schema.id, () => avroType(parse(schema)));

  const writerOf = (topic: string, record: string): Writer =>
    cached(writers, `${topic} ${record}`, () => {
      const schema = newest.get(`${topic} ${record}`);
      if (schema === undefined) throw new UnencodableError(`${topic} has no released record ${record}`);
      return { id: schema.id, type: typeOf(schema) };
    });

  const readerOf = (id: number): Reader =>
    cached(readers, id, () => {
      const written = byId.get(id);
      if (written === undefined) throw new UnknownSchemaIdError(id);
      const wanted = newest.get(`${written.topic} ${written.record}`) ?? written;
      return { topic: written.topic, read: reader(written, typeOf(written), typeOf(wanted)) };
    });

  return {
    encode: (topic, event) => {
      const { type: record } = event as { type: string };
      const { id, type } = writerOf(topic, record);
      const body = toBytes(type, topic, record, event);
      const bytes = Buffer.allocUnsafe(HEADER + body.length);
      bytes[0] = 0;
      bytes.writeUInt32BE(id, 1);
      body.copy(bytes, HEADER);
      return bytes;
    },
    decode: <T extends TopicName>(topic: T, bytes: Buffer) => {
      if (bytes.length < HEADER) throw new UndecodableError(`only ${bytes.length} bytes`);
      if (bytes[0] !== 0) throw new UndecodableError(`the first byte is ${String(bytes[0])}, not 0`);
      const { topic: home, read } = readerOf(bytes.readUInt32BE(1));
      if (home !== topic) throw new UndecodableError(`written with a schema of ${home}, found on ${topic}`);
      return read(bytes) as EventOf<T>;
    },
  };
}

function reader({ topic, record, schema }: Released, written: Type, wanted: Type): Reader['read'] {
  const resolver = written === wanted ? undefined : wanted.createResolver(written);
  const checkFit = bodyFits(JSON.parse(schema) as RecordSchema);
  return (bytes) => {
    try {
      checkFit(bytes, HEADER);
      const { value } = wanted.decode(bytes, HEADER, resolver) as { value: object };
      return { type: record, ...value };
    } catch (error) {
      throw new UndecodableError(`${topic} ${record}: ${messageOf(error)}`, { cause: error });
    }
  };
}

function toBytes(type: Type, topic: string, record: string, event: unknown): Buffer {
  try {
    return type.toBuffer(event);
  } catch (error) {
    const wrong: string[] = [];
    type.isValid(event, { errorHook: (path) => void wrong.push(path.join('.')) });
    throw new UnencodableError(`${topic} ${record}: ${wrong.join(', ')}: ${messageOf(error)}`, { cause: error });
  }
}

const parse = ({ schema }: Released): RecordSchema => JSON.parse(schema) as RecordSchema;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function cached<Key, Value>(cache: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = cache.get(key);
  if (found !== undefined) return found;
  const made = make();
  cache.set(key, made);
  return made;
}
