import { setTimeout as pause } from 'node:timers/promises';
import { Transient } from '@lotwarden/platform/errors';
import type { Log } from '@lotwarden/platform/log';
import type { Deps } from '@lotwarden/platform/service';
import { z } from 'zod';
import type { Replica } from '../graph/replica.client.ts';
import type { Expected } from '../graph/watermarks.ts';
import { gapsAt, nameOfGap, OWNERS, unheard, WATCHED_TOPICS, type Owner } from './owners.ts';

const OfReader = z.object({ topic: z.string(), count: z.number().int() });
const MissingView = z.object({
  unread: z.array(OfReader),
  parked: z.array(OfReader),
  unpublished: z.array(OfReader),
});

/** Milliseconds until an owner that says nothing counts as not heard. */
const PATIENCE = 2_000;
/** Looks between two of which nothing happens and nothing is missing: so many are left out. */
const QUIET = 5;
/** Milliseconds in which the graph usually reads what was just published: that it has not yet is no news. */
const BRIEFLY = 1_000;

interface Settings {
  readonly serviceClient: Deps['serviceClient'];
  readonly replica: Pick<Replica, 'ask' | 'expect' | 'onChange'>;
  /** What this service was told itself and nobody can see yet, by name. */
  readonly own: () => Promise<readonly string[]>;
  /** Gaps have come or gone. */
  readonly onChange: () => void;
  readonly log: Log;
  /** Milliseconds between two looks. */
  readonly every: number;
}

/**
 * Asks the owners of the facts what is not to be seen yet of what they were told, and tells it to the graph, together with
 * where the fact topics end then: an answer is complete only if nobody names anything and the graph has read that far
 * (correctness rule 25). Each replica asks for itself; an owner that does not answer is a gap.
 */
export function watchOwners({ serviceClient, replica, own, onChange, log, every }: Settings): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const query = `topics=${WATCHED_TOPICS.join(',')}`;
  let said: string | undefined;
  let moved = true;
  let waiting = true;
  replica.onChange(() => void (moved = true));

  const ask = async (owner: Owner): Promise<string[]> => {
    try {
      const options = { timeout: PATIENCE, signal };
      return gapsAt(owner, await serviceClient(owner).get(`/operations/missing?${query}`, MissingView, options));
    } catch (error) {
      log.debug({ err: error, owner }, 'an owner of facts does not say what is missing');
      return [unheard(owner)];
    }
  };

  const look = async (): Promise<void> => {
    moved = false;
    // One after the other: see OWNERS. What is captured here goes on to field.
    const gaps: string[] = [...(await own())];
    for (const owner of OWNERS) gaps.push(...(await ask(owner)));
    if (signal.aborted) return;
    const expected = await replica.expect(gaps);
    waiting = expected.missing.length > 0;
    const now = (await gapsAfter(replica, expected)).map(nameOfGap).join('|');
    const changed = said !== now;
    said = now;
    if (changed) onChange();
  };

  const lookOnce = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      // What was found missing before stays so; the next look may find out more.
      if (!stopped()) log.warn({ err: error }, 'what is missing of the facts cannot be found out now');
    }
  };

  const stopped = (): boolean => signal.aborted;
  const looks = async (): Promise<void> => {
    for (let since = QUIET; !stopped(); since += 1) {
      if (moved || waiting || since >= QUIET) {
        since = 0;
        await lookOnce();
      }
      try {
        await pause(every, undefined, { signal });
      } catch (error) {
        if (!stopped()) throw error;
      }
    }
  };
  const running = looks();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** All gaps, also of the graph itself, when it has read what was to be expected of it. */
async function gapsAfter(replica: Pick<Replica, 'ask'>, { targets }: Expected): Promise<readonly string[]> {
  try {
    return (await replica.ask('limits', null, { minOffsets: targets, patience: BRIEFLY })).gaps;
  } catch (error) {
    if (!(error instanceof Transient)) throw error;
    return [error.code];
  }
}
