import type { SourceOffset } from '@lotwarden/contracts/events';
import type { ErrorDetail } from '@lotwarden/platform/errors';
import type { SnapshotNews, SnapshotSettings } from '../snapshot/settings.ts';
import type { QuestionName, Questions } from './questions.ts';
import type { Expected } from './watermarks.ts';

/** A message as it lies on its topic; the topic without any prefix. */
export interface StreamMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

export type Asked = {
  [Name in QuestionName]: { readonly name: Name; readonly ask: Questions[Name]['ask'] };
}[QuestionName];

/** What the service says to the graph's thread. */
export type ToGraph =
  | ({ readonly kind: 'expect' } & Expected)
  | { readonly kind: 'feed'; readonly messages: readonly StreamMessage[] }
  /** Whoever asked has left. */
  | { readonly kind: 'forget'; readonly id: number }
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly question: Asked;
      /** Answer only after having seen these. */
      readonly minOffsets: readonly SourceOffset[];
      /** How long to wait for them, in milliseconds. */
      readonly patience: number;
    };

/** What the graph's thread is started with. */
export interface GraphStart {
  readonly snapshots?: SnapshotSettings | undefined;
}

/** What the graph's thread says. */
export type FromGraph =
  /** How far what it begins with was read. */
  | { readonly kind: 'begun'; readonly marks: readonly SourceOffset[] }
  /** What it began with is of other topics than these. */
  | { readonly kind: 'stale'; readonly reason: string }
  | { readonly kind: 'news'; readonly news: SnapshotNews }
  | {
      readonly kind: 'fed';
      /** How many facts changed the graph; 0 for duplicates. */
      readonly changed: number;
      /** Traceparent of the last fact that changed it and has one. */
      readonly trace: string | undefined;
      readonly unreadable: readonly string[];
    }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | {
      readonly kind: 'behind';
      readonly id: number;
      readonly lacking: readonly SourceOffset[];
      readonly at: readonly SourceOffset[];
    }
  /** Too many long questions at once: nothing was done about this one. */
  | { readonly kind: 'busy'; readonly id: number }
  /** The question cannot be answered as it is. */
  | { readonly kind: 'rejected'; readonly id: number; readonly code: string; readonly detail: ErrorDetail }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };
