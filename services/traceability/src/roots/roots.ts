import type { LotRef } from '@lotwarden/platform/lot-ref';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { LotProperty, OperationProperty } from '../genealogy/attributes.ts';

/** A time, by instants in UTC; open where an end is left out. */
export interface Period {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Operations that have all of these; in a period are those whose time overlaps it. */
export type OperationsWhere = Readonly<Partial<Record<OperationProperty, string | undefined>>> &
  Period & {
    /** A measured value below, above, or on either side of what is allowed; numbers as text, compared in one unit. */
    readonly parameter?:
      | {
          readonly name: string;
          readonly unit?: string | undefined;
          readonly below?: string | undefined;
          readonly above?: string | undefined;
        }
      | undefined;
  };

/** Lots that have all of these; the period is when they were received or declared. */
export type LotsWhere = Readonly<Partial<Record<LotProperty, string | undefined>>> & Period;

/** What a question starts from. */
export type Root =
  /** A lot by our id or by any name of any system. */
  | { readonly lot: string | LotRef; readonly serials?: readonly SerialRange[] | undefined }
  /** Units, in whatever lots they ever were. */
  | { readonly serials: readonly SerialRange[] }
  /** All that is in it, in its boxes too. */
  | { readonly container: string }
  | { readonly operation: string }
  | { readonly lotsWhere: LotsWhere }
  | { readonly operationsWhere: OperationsWhere }
  /** What else went through the same machine: operations on the machines of this lot or operation, at most so many minutes apart. */
  | {
      readonly alongside: {
        readonly operation?: string | undefined;
        readonly lot?: string | LotRef | undefined;
        readonly minutes: number;
      };
    };

/** What one root was found to be. */
export interface RootFound {
  readonly lots: number;
  readonly operations: number;
  /** known; unknown: nobody mentioned that name; ambiguous: it means several lots; nothing: a filter that matches nothing now. */
  readonly is: 'known' | 'unknown' | 'ambiguous' | 'nothing';
  /** Where it is ambiguous: the lots it may mean. */
  readonly candidates: readonly string[];
  /** Contents that are only known by quantity: their lots are meant whole. */
  readonly wholeLots: boolean;
  /** Units that were asked for and that nobody ever mentioned: there, or in that lot. */
  readonly unknownSerials: readonly SerialRange[];
  /** Values of a filter that nobody ever told of anything: `supplier SUP-XH`. Of a past none is named. */
  readonly neverTold: readonly string[];
  /** Why an answer from this root is not complete, by name (correctness rule 25). */
  readonly gaps: readonly string[];
}
