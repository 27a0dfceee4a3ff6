/** A container that something was packed into, and for how long. */
export interface Inside {
  readonly container: string;
  readonly from: string;
  /** Null: it is there still. */
  readonly to: string | null;
}

export interface ToldOfContainer {
  readonly container: string;
  readonly occurredAt: string;
  readonly event: { readonly type: string; readonly children?: readonly string[] };
}

/** The containers directly around this one: from being packed into each until that was opened. */
export function around(container: string, told: readonly ToldOfContainer[]): Inside[] {
  const inOrder = [...told].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
  const into = inOrder.filter(({ event }) => event.type === 'ContainerPacked' && event.children?.includes(container));
  return into
    .map((packed): Inside => {
      const opened = inOrder.find(
        (one) =>
          one.container === packed.container &&
          one.event.type === 'ContainerUnpacked' &&
          one.occurredAt > packed.occurredAt,
      );
      return { container: packed.container, from: packed.occurredAt, to: opened?.occurredAt ?? null };
    })
    .filter(
      (one, at, all) => all.findIndex((other) => other.container === one.container && other.to === one.to) === at,
    );
}

/** What an outer container was in counts for the inner one only while that was in it. */
export function narrowed(outer: Inside, inner: Inside): Inside | undefined {
  const from = outer.from > inner.from ? outer.from : inner.from;
  const to = inner.to === null ? outer.to : outer.to === null || inner.to < outer.to ? inner.to : outer.to;
  return to !== null && to < from ? undefined : { ...outer, from, to };
}

export const isInside = (inside: readonly Inside[], container: string, at: string): boolean =>
  inside.some((one) => one.container === container && one.from <= at && (one.to === null || at <= one.to));
