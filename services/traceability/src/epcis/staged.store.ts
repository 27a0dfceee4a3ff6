import type { Deps } from '@lotwarden/platform/service';
import type { Json } from './json.ts';
import { checkEnvelope } from './read-capture.mapper.ts';
import type { EpcisSchema } from './schema.mapper.ts';
import { documentSplitter } from './split-document.mapper.ts';

/** A part of a document that was sent for capture, as it came; nobody sees it but its capture. */
interface StagedBatch {
  /** capture/number */
  readonly _id: string;
  readonly capture: string;
  readonly at: Date;
  /** JSON of an event each. */
  readonly events: readonly string[];
}

/** A document that lies ready to be captured. */
export interface Staged {
  readonly capture: string;
  readonly batches: number;
  /** The document's `@context`, JSON. */
  readonly context: string | null;
}

/** What one transaction takes: far below MongoDB's limits whatever the events weigh. */
const BATCH = { events: 200, characters: 2 * 1024 * 1024 };
/** Of a document that broke off on its way nothing is needed any more. */
const KEPT = 60 * 60_000;

interface Needs {
  readonly deps: Pick<Deps, 'collection' | 'random' | 'clock'>;
  readonly schema: EpcisSchema;
}

/** Documents on their way in: read, taken apart and put away bit by bit, so that memory never holds more than a batch. */
export function openStaged({ deps, schema }: Needs) {
  const { random, clock } = deps;
  const staged = deps.collection<StagedBatch>('epcis_staged', [{ key: { capture: 1 } }, { key: { at: 1 } }]);
  const drop = (capture: string) => staged.deleteMany({ capture });

  /** Throws what is wrong with the document as a whole, as soon as it can be seen. */
  async function receive(pieces: AsyncIterable<Uint8Array>): Promise<Staged> {
    const capture = random.uuid();
    let events: string[] = [];
    let characters = 0;
    let batches = 0;
    const splitter = documentSplitter((event) => {
      const text = JSON.stringify(event);
      events.push(text);
      characters += text.length;
    });
    const put = async (): Promise<void> => {
      await staged.insertOne({ _id: `${capture}/${batches}`, capture, at: clock.now(), events });
      batches += 1;
      events = [];
      characters = 0;
    };
    try {
      for await (const piece of pieces) {
        splitter.write(piece);
        if (events.length >= BATCH.events || characters >= BATCH.characters) await put();
      }
      const context = checkEnvelope(splitter.end(), schema);
      if (events.length > 0) await put();
      return { capture, batches, context: context === undefined ? null : JSON.stringify(context) };
    } catch (error) {
      await drop(capture);
      throw error;
    }
  }

  async function* batchesOf({ capture, batches }: Staged): AsyncGenerator<readonly unknown[], void, undefined> {
    for (let number = 0; number < batches; number++) {
      const batch = await staged.findOne({ _id: `${capture}/${number}` });
      if (!batch) throw new Error(`part ${number} of the capture ${capture} is not there`);
      yield batch.events.map((event): unknown => JSON.parse(event));
    }
  }

  /** Forgets documents that never became a capture. */
  async function tidy(isCapture: (capture: string) => Promise<boolean>): Promise<void> {
    const old = { at: { $lt: new Date(clock.now().getTime() - KEPT) } };
    for (const capture of await staged.distinct('capture', old)) if (!(await isCapture(capture))) await drop(capture);
  }

  return { receive, batchesOf, drop, tidy };
}

export type StagedDocuments = ReturnType<typeof openStaged>;

export const contextOf = ({ context }: Staged): Json | undefined =>
  context === null ? undefined : (JSON.parse(context) as Json);
