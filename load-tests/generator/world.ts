import type { LotRef, SerialRange } from '@lotwarden/contracts/events';

export type EdgeKind = 'material' | 'exposure' | 'containment' | 'installed';

/** A lot, and the name under which it is spoken of just now: its id, or a placeholder for a name nobody knows yet. */
export interface Mention {
  readonly lot: string;
  readonly as: string;
}

/** Goods that take part in something. Amounts are whole numbers; `unit` by UN/ECE Rec 20. */
export interface Goods extends Mention {
  readonly amount: number;
  readonly unit: string;
  readonly serials: readonly SerialRange[];
}

export interface Used extends Goods {
  readonly edge: EdgeKind;
  readonly certainty: string;
}

/** Units that go on under their serials in another lot. */
export interface Move {
  readonly from: Mention;
  readonly to: Mention;
  readonly ranges: readonly SerialRange[];
}

export interface OperationDone {
  readonly what: 'operation';
  readonly id: string;
  readonly site: string;
  readonly kind: string;
  readonly inputs: readonly Used[];
  readonly outputs: readonly Goods[];
  readonly scrap: readonly Goods[];
  readonly moves: readonly Move[];
  /** So many inputs, and outputs, from the end of the lists are told after the rest. */
  readonly lateInputs: number;
  readonly lateOutputs: number;
  /** What the source says it has not seen of the inputs; null: nothing. */
  readonly missing: string | null;
  /** false: the message of the operation never came, only the movements of its serials are heard of. */
  readonly told: boolean;
  /** null: nobody says where. */
  readonly equipment: string | null;
  /** Minutes. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** The load that it says it was part of. */
  readonly load: string | null;
}

/** A reel, container or filling goes on a position of a machine, or comes off it; times in minutes. */
interface AtPosition {
  readonly mount: string;
  readonly equipment: string;
  readonly position: string;
  readonly at: number;
}
export interface Mounted extends AtPosition, Mention {
  readonly what: 'mounted';
  readonly site: string;
  /** What was left in the tank mixes in. */
  readonly mixing: boolean;
}
export interface Unmounted extends AtPosition {
  readonly what: 'unmounted';
  readonly site: string;
  /** Said again, or for the first time where nobody told of the mounting. */
  readonly said: Mention | null;
  readonly empty: boolean;
}

/** What went through a process together, and the machines that it served meanwhile. */
export interface Loaded {
  readonly what: 'load';
  readonly load: string;
  readonly site: string;
  readonly startedAt: number;
  /** null: it goes on. */
  readonly endedAt: number | null;
  readonly members: readonly Goods[];
  readonly operations: readonly string[];
  readonly serves: readonly string[];
}

/** What the books of the warehouse can say. `void`, `scrap`, `sample` and so on is the cause. */
export interface StockBooked extends Goods {
  readonly what: 'stock';
  readonly book: 'received' | 'issued' | 'scrapped' | 'destroyed' | 'adjusted' | 'moved';
  readonly cause: string;
  readonly id: string;
  readonly site: string;
  readonly location: string;
}

export interface Shipped {
  readonly what: 'shipped';
  readonly shipment: string;
  readonly site: string;
  readonly custodian: string;
  readonly lines: readonly Goods[];
}

/** What happened at a custodian; `cause` and `id` as the custody book cites them. */
export interface CustodyBooked extends Goods {
  readonly what: 'custody';
  readonly book: 'gained' | 'reduced' | 'used';
  readonly custodian: string;
  readonly cause: string;
  readonly id: string;
  /** Where goods came back to us: the warehouse and its dock book it too. */
  readonly backTo: string | null;
}

/** One thing that happened in a factory, or that somebody learned. */
export type Happening =
  | {
      readonly what: 'lot';
      readonly lot: string;
      readonly kind: 'material' | 'intermediate' | 'finished' | 'unknown';
      readonly site: string;
      readonly item: string;
      readonly supplier: string;
      /** Received from the supplier; 0 for what we make. */
      readonly amount: number;
      readonly unit: string;
      readonly aliases: readonly LotRef[];
      /** Of an unknown name: it will be told what it means. */
      readonly resolved: boolean;
    }
  /** Units that are none any more: taken apart, or known under another name. */
  | {
      readonly what: 'ended';
      readonly lot: string;
      readonly ranges: readonly SerialRange[];
      readonly operation: string;
    }
  | { readonly what: 'serials'; readonly lot: string; readonly ranges: readonly SerialRange[] }
  | {
      readonly what: 'alias';
      readonly lot: string;
      readonly kind: 'material' | 'product';
      readonly alias: LotRef;
      readonly placeholder: string | null;
    }
  /** The owner of a book moves what stood under the placeholder to the lot; nothing moves in the world. */
  | { readonly what: 'merge'; readonly placeholder: string; readonly booked: readonly (StockBooked | CustodyBooked)[] }
  | OperationDone
  /** `back`: units that the void puts back where they were; those that have moved on stay. */
  | { readonly what: 'void'; readonly operation: string; readonly back: readonly Move[] }
  | Mounted
  | Unmounted
  /** Somebody says that it was another lot. */
  | ({ readonly what: 'claimed'; readonly mount: string } & Mention)
  | { readonly what: 'mount-void'; readonly mount: string }
  | Loaded
  | { readonly what: 'load-void'; readonly load: string }
  | StockBooked
  | Shipped
  | CustodyBooked;
