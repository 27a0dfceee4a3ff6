import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { Quantity } from '@lotwarden/platform/quantity';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { GoodsEntry } from '../balance/goods-entry.ts';
import type { Store } from '../packed/store.ts';
import type { Source } from './facts.ts';

/** What decides what flows along an edge: propagation.ts. */
export type EdgeKind = 'material' | 'exposure' | 'containment' | 'installed';

/** How sure we are of a link, surest first; a path is as sure as its worst link. */
export const CERTAINTIES = ['scanned', 'lot-inferred', 'backflushed', 'possible', 'gap-assumed'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

export interface Declaration {
  readonly kind: 'material' | 'intermediate' | 'finished' | 'unknown';
  readonly item: string | null;
  readonly revision: string | null;
  readonly site: string;
  readonly supplier: string | null;
  readonly supplierLot: string | null;
  readonly purchaseOrder: string | null;
  readonly workOrder: string | null;
  readonly source: Source;
}

export interface LotSerials {
  /** Units that are in this lot now. */
  current: readonly SerialRange[];
  /** Every unit that was ever in it: history is never lost. */
  ever: readonly SerialRange[];
  scrapped: readonly SerialRange[];
}

export interface Lot {
  readonly index: number;
  readonly id: string;
  declaration: Declaration | null;
  /** pending, accepted or rejected; only material lots have it. */
  acceptance: string | null;
  readonly aliases: LotRef[];
  /** A placeholder: the lots that it turned out to be. More than one is a contradiction and named as a gap. */
  readonly standsFor: number[];
  /** Placeholders that turned out to be this lot. */
  readonly placeholders: number[];
  /** Numbers of the operations that took from it, gave to it, scrapped of it, each once: links.ts writes them. */
  readonly consumedBy: readonly number[];
  readonly producedBy: readonly number[];
  readonly scrappedBy: readonly number[];
  serials: LotSerials;
  readonly goods: GoodsEntry[];
  /** few.ts changes it. */
  markets: ReadonlySet<string>;
  complaints: ReadonlySet<string>;
  containers: ReadonlySet<string>;
}

export interface LotStore extends Store<Lot> {
  /** Adds a lot of which nothing is known. */
  readonly begin: (index: number, id: string) => void;
}

export interface OperationLine {
  readonly lot: number;
  readonly quantity: Quantity;
  readonly serials: readonly SerialRange[];
}

export interface InputLine extends OperationLine {
  readonly edge: EdgeKind;
  readonly certainty: Certainty;
  /** false: nobody named it; it follows from what was mounted, or from the load it was in, and goes when these change. */
  readonly told: boolean;
}

/** Units that serialization moved from lot to lot because of an operation. */
export interface SerialMove {
  readonly from: number;
  readonly to: number;
  readonly ranges: readonly SerialRange[];
}

export interface OperationHead {
  readonly kind: string;
  readonly sourceSystem: string;
  readonly sourceOperation: string;
  readonly site: string;
  readonly workOrder: string | null;
  readonly equipment: string | null;
  readonly operator: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly tools: readonly string[];
  readonly gauges: readonly string[];
  readonly softwareVersion: string | null;
  readonly labelVersion: string | null;
  readonly load: string | null;
  readonly parameters: readonly Parameter[];
}

/** A measured value of the process; exact decimals as text. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

/** Heads of those who tell no more. */
export const NO_DETAILS = {
  tools: [],
  gauges: [],
  softwareVersion: null,
  labelVersion: null,
  load: null,
  parameters: [],
} as const satisfies Partial<OperationHead>;

export interface Operation {
  readonly index: number;
  readonly id: string;
  /** null while only a movement of serials has mentioned it. */
  head: OperationHead | null;
  source: Source | null;
  voided: boolean;
  /** What its last message said was missing of its inputs. */
  missingInputs: readonly string[];
  readonly inputs: InputLine[];
  readonly outputs: OperationLine[];
  readonly scrap: OperationLine[];
  readonly moves: SerialMove[];
}

export interface Contents {
  readonly lots: Set<number>;
  /** Lot → its units that are known to be in it; nothing where only the quantity was told. */
  readonly units: Map<number, readonly SerialRange[]>;
  readonly children: Set<string>;
}

export interface Container extends Contents {
  level: string;
  sealed: boolean;
  /** What EPCIS events say is in it, kept apart: they take out only what they put in. */
  told: Contents | null;
}

export interface PartyFacts {
  readonly name: string;
  readonly nameZh: string | null;
  readonly region: string;
  readonly channel: string;
  readonly country: string;
}
