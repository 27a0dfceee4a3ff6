import type { LotLine, PathStep, Quantity, SourceOffset } from '@lotwarden/contracts/events';
import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Certainty, EdgeKind } from '../genealogy/model.ts';

/**
 * `siblings`: back to everything that went into the roots, then forward from there: what else came from the same inputs.
 */
export type TraceDirection = 'forward' | 'backward' | 'siblings';

/** A lot to start from; with serials only these of its units are meant. */
export interface TraceRoot {
  readonly lot: string;
  readonly serials?: readonly SerialRange[];
}

export interface TraceAsk {
  readonly roots: readonly TraceRoot[];
  /** Operations to start from: forward what came out of them, backward what went in, siblings both. */
  readonly operations?: readonly string[];
  readonly direction: TraceDirection;
  /** So many operations from the roots at most; what lies beyond is said in `stoppedAt`. Of siblings: so many each way. */
  readonly hops?: number;
  /** Lots to give along with the summary; 0 for none. */
  readonly first?: number;
}

/** How many of each certainty, surest first. */
export type ByCertainty = Readonly<Record<Certainty, number>>;

/** What an answer amounts to. Its lists are paged under the handle as long as it is kept. */
export interface TraceSummary {
  /** The handle. */
  readonly trace: string;
  readonly direction: TraceDirection;
  readonly totalLots: number;
  /** Units known by serial that are affected. */
  readonly totalUnits: number;
  /** Of a lot in scope that has no serials nobody can count units here. */
  readonly lotsWithoutSerials: number;
  readonly byCertainty: ByCertainty;
  readonly unitsByCertainty: ByCertainty;
  /** The longest of all shortest paths, in operations. */
  readonly hops: number;
  readonly custodians: number;
  /** Lots at which `hops` stopped the walk although it goes on: these are the roots to go on with. Listed under `stopped`. */
  readonly stoppedAt: number;
  /** Lots that are their own ancestors, by groups: a finding. Listed under `cycles`. */
  readonly cycles: number;
  /** Roots that nobody mentioned yet; they are in the scope all the same. */
  readonly unknownRoots: readonly string[];
  readonly unknownOperations: readonly string[];
}

/** What an input that nobody named follows from, or what exposed an operation: when it was there, and who says so. */
export interface Because {
  readonly kind: 'mount' | 'load';
  /** Id of the mount or load: what mes-bridge tells of it is found by it. */
  readonly id: string;
  readonly equipment: string | null;
  readonly position: string | null;
  /** When it can have been used, as it counts by now; null: nobody has told. */
  readonly from: string | null;
  readonly to: string | null;
  /** Nothing about that time is guessed. */
  readonly sure: boolean;
  /** The source's own record of it; null while only a claim is known. */
  readonly document: LotRef | null;
}

/** The last step of the shortest path to a lot; the step before is that of `lot`. */
export interface TraceStep {
  readonly lot: string;
  readonly operation: string;
  readonly edge: EdgeKind;
  readonly certainty: Certainty;
  /** How much of the lot that went in the operation took; null where only its serials are known, or nobody said. */
  readonly taken: Quantity | null;
  /** How much came out of the lot that it made. Backward the line's own lot went in, and `lot` came out. */
  readonly given: Quantity | null;
  /** Reels, tanks and loads from which the link follows; none where the operation names the lot. */
  readonly because: readonly Because[];
}

/** A line of `lots`: nearest to a root first. */
export interface TracedLot {
  readonly lot: string;
  readonly item: string | null;
  readonly quantity: Quantity | null;
  /** `all`: every unit that was ever in it; `only` these. */
  readonly serials: { readonly mode: 'all' | 'only'; readonly ranges: readonly SerialRange[] };
  /** How many units these are; null where the lot has no serials. */
  readonly units: number | null;
  readonly certainty: Certainty;
  readonly hops: number;
  /** Where some of its units are farther or less surely affected than the lot: all of them, by how sure. Else empty. */
  readonly unitWays: readonly {
    readonly certainty: Certainty;
    readonly hops: number;
    readonly ranges: readonly SerialRange[];
  }[];
  /** Null for a root. */
  readonly via: TraceStep | null;
}

/** A line of `custodians`. */
export interface TracedCustodian {
  readonly custodian: string;
  readonly lines: readonly LotLine[];
}

/** A line of `operations`: what the walk went through, with all quantities. */
export interface TracedOperation {
  readonly operation: string;
  readonly kind: string | null;
  readonly site: string | null;
  readonly equipment: string | null;
  readonly operator: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly inputs: readonly TracedInput[];
  readonly outputs: readonly TracedLine[];
  readonly scrap: readonly TracedLine[];
}

export interface TracedLine {
  readonly lot: string;
  readonly quantity: Quantity;
  readonly inScope: boolean;
}

/** What went in, how it flows on, and how sure it is that it did. */
export interface TracedInput extends Omit<TracedLine, 'quantity'> {
  /** Null where it follows from what was mounted, or from a load: nobody said how much. */
  readonly quantity: Quantity | null;
  readonly edge: EdgeKind;
  readonly certainty: Certainty;
  readonly because: readonly Because[];
}

/** A line of `stopped`. */
export interface StoppedLot {
  readonly lot: string;
  readonly hops: number;
}

/** A line of `cycles`. */
export interface Cycle {
  readonly lots: readonly string[];
}

export type TracePart = 'lots' | 'custodians' | 'operations' | 'stopped' | 'cycles';

export interface TracePageAsk {
  readonly trace: string;
  readonly part: TracePart;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** `{"items":[…],"next":…}` in UTF-8, made where the answer is kept. Null: it is not kept any more; ask again. */
export type TracePage = Uint8Array | null;

/** How far a trace goes; its pages go no further. */
export interface TraceLimits {
  readonly offsets: readonly SourceOffset[];
  readonly complete: boolean;
  readonly gaps: readonly string[];
}

export interface TraceAnswer extends TraceSummary {
  /** The first lots, as many as were asked for: a page of `lots`. */
  readonly lots: Uint8Array;
}

/** Why a lot, or one of its units, is in scope: the shortest path to it from a root, step by step. */
export interface TraceWhy {
  readonly lot: string;
  /** Null: the lot as such. */
  readonly serial: string | null;
  readonly certainty: Certainty;
  readonly path: readonly WhyStep[];
}

/** A lot on the path, by what it leads on, how much of it, and from what that follows. */
export interface WhyStep extends PathStep {
  /** How much of the lot that went in the operation took; null at the last lot, and where nobody said. */
  readonly taken: Quantity | null;
  /** What of it must, and what can have gone in; null where nobody knows. */
  readonly takenAtLeast: Quantity | null;
  readonly takenAtMost: Quantity | null;
  /** How much came out of the lot that it made. Forward this lot went in and the next came out, backward the reverse. */
  readonly given: Quantity | null;
  readonly because: readonly Because[];
}
