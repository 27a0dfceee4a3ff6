import type { Invariant } from '@lotwarden/platform/service';
import type { Page } from '@lotwarden/platform/store';
import { record } from '../documents.ts';
import { epochId } from '../freeze/epoch.ts';
import type { Freezes } from '../freeze/freeze.store.ts';
import type { HoldBook } from '../hold/hold.store.ts';
import { issued } from '../notice/issue-notice.ts';
import type { Notices } from '../notice/notice.store.ts';
import { holdsLiftedAlone, holdsNotAtEveryGate, noticesNobodyHeard } from './invariants.ts';

interface Needs {
  readonly book: HoldBook;
  readonly freezes: Freezes;
  readonly notices: Notices;
}

export async function invariants(stores: Needs): Promise<readonly Invariant[]> {
  const { current, words, lives, notices, progress, released, releases } = await everything(stores);
  return [
    { invariant: 'every-hold-at-every-gate', violators: holdsNotAtEveryGate(current, words, lives) },
    { invariant: 'every-notice-delivered-or-escalated', violators: noticesNobodyHeard(notices, progress) },
    { invariant: 'no-hold-lifted-without-two-signatures', violators: holdsLiftedAlone(released, releases) },
  ];
}

async function everything({ book, freezes, notices }: Needs) {
  const holds = await all((after) => book.holds.find({}, { limit: 500, after }));
  const ids = holds.flatMap(({ state }) => (state.status === 'placed' ? [epochId(state.hold, state.epoch)] : []));
  return {
    current: (await freezes.epochs.find({ _id: { $in: ids } }).toArray()).map(record),
    words: (await freezes.words.find().toArray()).map(record),
    lives: (await freezes.lives.find().toArray()).map(record),
    notices: (await all((after) => notices.notices.find({}, { limit: 500, after }))).map(({ state }) => issued(state)),
    progress: (await notices.progress.find().toArray()).map(record),
    released: (await book.heldLots.find({ state: 'released' }).toArray()).map(record),
    releases: (await book.releases.find().toArray()).map(record),
  };
}

async function all<T>(read: (after: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const found = await read(after);
    items.push(...found.items);
    after = found.next;
  } while (after !== undefined);
  return items;
}
