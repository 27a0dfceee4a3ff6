import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb';
import type { Codec } from '@lotwarden/contracts/codec';
import type { InFlight } from '@lotwarden/contracts/events';
import { stored, type AggregateDocument } from '../store/aggregate.ts';
import { isHoldId } from '../store/hold.ts';
import type { Aggregate, AnyEvent, Context, OffsetAdvance, Store, Stored } from '../store/store.ts';
import { offsetId } from '../store/store.ts';
import { keepAcknowledged } from './acknowledged.store.ts';
import {
  acknowledge,
  type Acknowledgement,
  type AcknowledgementEvent,
  type HoldAcknowledged,
} from './acknowledgement.ts';
import { digestOf, writeHolds } from './gate-documents.store.ts';
import { HoldFault } from './hold-fault.ts';
import { coalesce, type HoldManifest, type HoldMessage } from './hold-message.ts';
import type { GateDocument } from './hold-write.ts';
import { remerge } from './merge-placeholder.ts';
import type { StreamMessage } from './streams.ts';

export const HOLDS = 'recall.hold.v1';

export interface HoldReaderParts<S, E extends AnyEvent> {
  readonly gate: string;
  readonly group: string;
  readonly store: Store;
  readonly codec: Pick<Codec, 'decode'>;
  readonly lots: Aggregate<S, E>;
  readonly acknowledgements: Aggregate<Acknowledgement, AcknowledgementEvent>;
  readonly inFlight?: ((lot: Stored<S>) => readonly InFlight[] | undefined) | undefined;
}

export interface HoldReader {
  /** Next offset wanted; undefined before the first. */
  position(): Promise<number | undefined>;
  /** Applies a batch and acknowledges its manifests. Returns the next offset. Throws HoldFault. */
  handle(messages: readonly StreamMessage[]): Promise<number>;
  /** Forgets the place: everything is read and compared again. */
  reread(): Promise<void>;
}

interface Head {
  readonly _id: string;
  /** Of the newest message of this hold that was begun to apply. */
  readonly epoch: number;
}

interface Numbered<M> {
  readonly offset: number;
  readonly message: M;
}

/** Reads the hold topic into a gate's documents: first the holds, each by itself, then acknowledgement and place together. */
export function createHoldReader<S, E extends AnyEvent>(parts: HoldReaderParts<S, E>): HoldReader {
  const { store, codec, group, gate } = parts;
  const documents = store.db.collection<GateDocument>(parts.lots.definition.collection);
  const heads = store.db.collection<Head>('gate_holds');
  const place = { group, topic: HOLDS, partition: 0 };
  const offsets = store.db.collection<{ _id: string; next: number }>('consumer_offsets');
  const context: Context = { actor: `service:${store.service}`, reason: 'recall hold' };
  /** The place this reader stored last; if it is no longer the stored one, storing the next is refused. */
  let reached: number | undefined;

  const position = async (): Promise<number | undefined> =>
    (await offsets.findOne({ _id: offsetId(place) }, { readConcern: { level: 'majority' } }))?.next;

  function decode(message: StreamMessage): Numbered<HoldMessage> {
    try {
      if (message.value === null) throw new Error('a hold message without a value');
      const decoded = codec.decode(HOLDS, message.value);
      if (!isHoldId(decoded.hold)) throw new Error(`${decoded.hold} is no hold id`);
      return { offset: message.offset, message: decoded };
    } catch (cause) {
      throw new HoldFault('hold-unreadable', { offset: message.offset }, { cause });
    }
  }

  async function apply(messages: readonly HoldMessage[]): Promise<void> {
    const writes = coalesce(messages);
    if (writes.length === 0) return;
    await writeHolds(documents, writes, store.clock(), raiseHeads(heads, messages));
    await remerge(store, parts.lots, context, [...new Set(writes.map(({ lot }) => lot))]);
  }

  /** What the gate's own database says of the hold, or undefined where a later epoch is being applied already. */
  async function verified({
    hold,
    case: recallCase,
    epoch,
    count,
    digest,
  }: HoldManifest): Promise<HoldAcknowledged | undefined> {
    const [head, found, inFlight] = await Promise.all([
      heads.findOne({ _id: hold }),
      digestOf(documents, hold),
      parts.inFlight ? goodsInFlight(parts.lots, documents, hold, parts.inFlight) : [],
    ]);
    // The later one's own manifest tells whether we have it all.
    if (head && head.epoch > epoch) return undefined;
    if (found.count !== count || found.digest !== digest)
      throw new HoldFault('digest-mismatch', { hold, epoch, expected: { count, digest }, found });
    const incarnation = store.meta.incarnation();
    return { type: 'HoldAcknowledged', gate, hold, case: recallCase, epoch, ...found, incarnation, inFlight };
  }

  async function acknowledgeManifest({ message, offset }: Numbered<HoldManifest>, from: number | null): Promise<void> {
    const { hold } = message;
    const advance: OffsetAdvance = { ...place, from, next: offset + 1 };
    await store.work(
      { ...context, causationId: `${HOLDS}:0:${String(offset)}` },
      async (work) => {
        // The holds are written by now, so what was said before is read beside what is held.
        const [event] = await Promise.all([verified(message), work.load(parts.acknowledgements, [hold])]);
        if (!event) return;
        await work.change(parts.acknowledgements, hold, (state) => acknowledge(state, event));
        keepAcknowledged(work, event.incarnation, { hold, epoch: event.epoch, place: offset });
      },
      { offsets: [advance] },
    );
  }

  async function handle(messages: readonly StreamMessage[]): Promise<number> {
    const begun = reached !== undefined && messages[0]?.offset === reached ? reached : await position();
    reached = undefined;
    let at: number | null = begun ?? null;
    const fresh = messages.filter(({ offset }) => offset >= (begun ?? 0)).map(decode);
    checkContiguous(fresh, begun ?? 0);
    const manifests = lastManifests(fresh);
    let applied = 0;
    for (const manifest of manifests) {
      const upTo = fresh.indexOf(manifest);
      await apply(fresh.slice(applied, upTo).map(({ message }) => message));
      applied = upTo;
      await acknowledgeManifest(manifest, at);
      at = manifest.offset + 1;
    }
    await apply(fresh.slice(applied).map(({ message }) => message));
    const last = fresh.at(-1);
    if (!last) return begun ?? 0;
    const next = last.offset + 1;
    if (at !== next) await store.work(context, () => Promise.resolve(), { offsets: [{ ...place, from: at, next }] });
    reached = next;
    return next;
  }

  return {
    position,
    handle,
    reread: async () => {
      reached = undefined;
      await offsets.updateOne({ _id: offsetId(place) }, { $set: { next: 0 } });
    },
  };
}

/** Written before the holds themselves, so that a crash between cannot hide that a later epoch was begun. */
async function raiseHeads(heads: Collection<Head>, messages: readonly HoldMessage[]): Promise<void> {
  const newest = new Map<string, number>();
  for (const { hold, epoch } of messages) newest.set(hold, Math.max(epoch, newest.get(hold) ?? 0));
  const operations = [...newest].map(([hold, epoch]): AnyBulkWriteOperation<Head> => ({
    updateOne: { filter: { _id: hold }, update: { $max: { epoch } }, upsert: true },
  }));
  await heads.bulkWrite(operations, { ordered: false });
}

/** The topic is kept whole, so its offsets have no gaps: a gap means that somebody lost holds. */
function checkContiguous(messages: readonly Numbered<HoldMessage>[], from: number): void {
  let expected = from;
  for (const { offset } of messages) {
    if (offset !== expected) throw new HoldFault('hold-topic-broken', { expected, found: offset });
    expected = offset + 1;
  }
}

/** Of each hold the last one in the batch, in order: earlier ones are covered by it. */
function lastManifests(messages: readonly Numbered<HoldMessage>[]): Numbered<HoldManifest>[] {
  const last = new Map<string, Numbered<HoldManifest>>();
  for (const numbered of messages) {
    const { message } = numbered;
    if (message.type === 'HoldManifest') last.set(message.hold, numbered as Numbered<HoldManifest>);
  }
  return [...last.values()].sort((a, b) => a.offset - b.offset);
}

async function goodsInFlight<S, E extends AnyEvent>(
  { definition }: Aggregate<S, E>,
  documents: Collection<GateDocument>,
  hold: string,
  inFlight: (lot: Stored<S>) => readonly InFlight[] | undefined,
): Promise<InFlight[]> {
  const found: InFlight[] = [];
  for await (const document of documents.find({ heldBy: hold, version: { $gt: 0 } } as Filter<GateDocument>)) {
    const moving = inFlight(stored(definition, document as unknown as AggregateDocument<S>));
    found.push(...(moving ?? []));
  }
  return found;
}
