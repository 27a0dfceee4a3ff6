/** The newest fact of one topic that one system reported. */
export interface Newest {
  readonly system: string;
  readonly topic: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
}

export interface SourceAge {
  /** An outside system, or the service that owns the facts. */
  readonly system: string;
  readonly newest: Pick<Newest, 'occurredAt' | 'recordedAt'>;
  /** Seconds since the newest fact was recorded. */
  readonly age: number;
  /** `MES-SZ 14 h old` */
  readonly text: string;
  readonly topics: readonly (Omit<Newest, 'system'> & { readonly age: number })[];
}

/** How old what we know of each source is, the oldest first. */
export function agesOf(newest: readonly Newest[], now: string): SourceAge[] {
  const age = (at: string): number => Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1000));
  return [...Map.groupBy(newest, ({ system }) => system)]
    .map(([system, all]): SourceAge => {
      const latest = all.reduce((a, b) => (a.recordedAt >= b.recordedAt ? a : b));
      const { occurredAt, recordedAt } = latest;
      const topics = all
        .map(({ system: _, ...one }) => ({ ...one, age: age(one.recordedAt) }))
        .sort((a, b) => (a.topic < b.topic ? -1 : 1));
      const seconds = age(recordedAt);
      return {
        system,
        newest: { occurredAt, recordedAt },
        age: seconds,
        text: `${system} ${spoken(seconds)} old`,
        topics,
      };
    })
    .sort((a, b) => b.age - a.age || (a.system < b.system ? -1 : 1));
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

function spoken(seconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= 2 * length) ?? ['s', 1];
  return `${String(Math.floor(seconds / size))} ${unit}`;
}
