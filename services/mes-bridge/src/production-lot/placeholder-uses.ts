/** The operations that consumed what a placeholder stands for. `_id` is the placeholder. */
export interface PlaceholderUses {
  readonly _id: string;
  readonly operations: readonly string[];
}

/** Documents of their own beside the operations, because a unit of work sees what it wrote here itself. */
export const PLACEHOLDER_USES = 'placeholder_uses';
