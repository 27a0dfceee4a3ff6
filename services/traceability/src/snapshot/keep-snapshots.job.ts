import type { SourceOffset } from '@lotwarden/contracts/events';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { SnapshotNews, SnapshotSettings } from './settings.ts';
import { prepareSnapshot, readSnapshot, writeSnapshot } from './snapshot.store.ts';

interface State {
  readonly graph: Genealogy;
  readonly marks: readonly SourceOffset[];
  readonly unreadable: readonly string[];
}

interface Keeper {
  readonly settings: SnapshotSettings;
  /** The state now: asked between two facts. */
  readonly state: () => State;
  readonly say: (news: SnapshotNews) => void;
}

export interface Snapshots {
  /** A message was folded, with this id. */
  readonly folded: (topic: string, partition: number, id: string) => void;
  /** Is this message another one than was at its place when the snapshot was written? */
  readonly isStale: (topic: string, partition: number, offset: number, id: string) => boolean;
}

interface Restored extends State {
  readonly lastIds: ReadonlyMap<string, string>;
}

/** What a replica may begin with. */
export function beginWith(settings: SnapshotSettings, say: (news: SnapshotNews) => void): Restored | undefined {
  if (settings.ignore) return undefined;
  const began = performance.now();
  const found = readSnapshot(settings.folder, (reason) => say({ kind: 'snapshot-unusable', reason }));
  if (found) say({ kind: 'snapshot-read', milliseconds: performance.now() - began });
  return found;
}

/** Writes snapshots in the background, one at a time. */
export function keepSnapshots({ settings, state, say }: Keeper, restored: Restored | undefined): Snapshots {
  const lastIds = new Map(restored?.lastIds ?? []);
  const began = new Map(
    (restored?.marks ?? []).map(({ topic, partition, next }) => [`${topic}/${partition}`, next - 1]),
  );
  let since = 0;
  let writing = false;

  const write = async (): Promise<void> => {
    if (writing || since === 0) return;
    writing = true;
    since = 0;
    const at = performance.now();
    try {
      await prepareSnapshot(state().graph);
      const { bytes, held } = await writeSnapshot(settings.folder, { ...state(), lastIds });
      say({ kind: 'snapshot-written', milliseconds: performance.now() - at, bytes, held });
    } catch (error) {
      // The replica goes on without; the next one is tried at its time.
      say({ kind: 'snapshot-failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    writing = false;
  };
  setInterval(() => void write(), settings.every).unref();

  return {
    folded: (topic, partition, id) => {
      lastIds.set(`${topic}/${partition}`, id);
      since += 1;
      if (since >= settings.growth) void write();
    },
    isStale: (topic, partition, offset, id) => {
      const place = `${topic}/${partition}`;
      const isLast = began.get(place) === offset;
      if (isLast) began.delete(place);
      return isLast && (restored?.lastIds.get(place) ?? id) !== id;
    },
  };
}
