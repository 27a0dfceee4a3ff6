import { gapNamed, type Gap } from '../trace/completeness.ts';
import { gapId } from './work-on-gap.ts';

/** A gap as it was seen to be there. */
export interface Sighting {
  readonly _id: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  readonly since: string;
  /** Whether it is in the worklist. */
  readonly opened: boolean;
}

export interface Review {
  /** Seen for the first time, or with another extent. */
  readonly seen: readonly Sighting[];
  /** Stands long enough to be worth anybody's while. */
  readonly open: readonly Sighting[];
  readonly gone: readonly Sighting[];
}

interface Now {
  readonly gaps: readonly string[];
  /** The graph has not read as far as it knows it has to: what it lacks may only not be read yet. */
  readonly behind: boolean;
  readonly at: string;
  /** Milliseconds that a gap stands before it is anybody's work. */
  readonly grace: number;
}

/** What is told by others than the graph's contents. */
const isTold = ({ kind }: Pick<Gap, 'kind'>): boolean => kind.startsWith('owner-') || TOLD.includes(kind);
const TOLD: readonly string[] = ['unread', 'ends-unknown', 'skipped', 'undecodable', 'schema-unknown'];

/** What of the gaps is new, stands, is gone, against what was seen before. */
export function reviewGaps(known: readonly Sighting[], { gaps, behind, at, grace }: Now): Review {
  const speaksOf = (gap: Pick<Gap, 'kind'>): boolean => !behind || isTold(gap);
  const present = new Map(
    gaps
      .map(gapNamed)
      .filter(speaksOf)
      .map((gap) => [gapId(gap), gap]),
  );
  const before = new Map(known.map((one) => [one._id, one]));
  const all = [...present].map(([id, gap]): Sighting => ({
    ...gap,
    _id: id,
    since: before.get(id)?.since ?? at,
    opened: before.get(id)?.opened ?? false,
  }));
  const ripe = Date.parse(at) - grace;
  return {
    seen: all.filter((one) => before.get(one._id)?.detail !== one.detail),
    open: all.filter(({ opened, since }) => !opened && Date.parse(since) <= ripe),
    gone: known.filter((one) => speaksOf(one) && !present.has(one._id)),
  };
}
