import type { Interner } from '../genealogy/interner.ts';
import { createInterner } from '../genealogy/interner.ts';
import { createColumn, type Column } from './column.ts';
import { joined, partOf, type Frozen } from './frozen.ts';

/** The last version of each aggregate, by topic; 0 where none was seen. */
export interface Versions {
  readonly get: (topic: string, aggregate: string) => number;
  readonly set: (topic: string, aggregate: string, version: number) => void;
  readonly freeze: () => Frozen;
  readonly thaw: (frozen: Frozen) => void;
  readonly bytes: () => number;
}

/** Higher versions are kept in a Map: hardly any aggregate has so many. */
const MOST = 65_535;

/**
 * Most aggregates are lots or operations, whose ids have numbers already: two bytes each and topic. Others get numbers of
 * their own. An id may become that of a lot or an operation only later: then the higher of both is meant.
 */
export function createVersions(ids: readonly Interner[]): Versions {
  /** By topic, then by what the id is of. */
  const columns = new Map<string, (Column | undefined)[]>();
  const others = createInterner();
  const otherVersions = createColumn(2);
  /** Of which there are any: those of all others need not be looked up. */
  const otherTopics = new Set<string>();
  const high = new Map<string, number>();

  const columnOf = (topic: string, kind: number): Column => {
    const known = columns.get(topic) ?? [];
    columns.set(topic, known);
    const column = known[kind] ?? createColumn(2);
    known[kind] = column;
    return column;
  };

  const named = (): [string, Column][] =>
    [...columns].flatMap(([topic, of]) => of.flatMap((column, kind) => (column ? [[`${topic}|${kind}`, column]] : [])));

  const get = (topic: string, aggregate: string): number => {
    const known = columns.get(topic);
    let version = 0;
    for (let kind = 0; kind < ids.length; kind++) {
      const column = known?.[kind];
      const index = column && ids[kind]?.find(aggregate);
      if (column && index !== undefined) version = Math.max(version, column.get(index));
    }
    if (version === 0 && otherTopics.has(topic)) {
      const other = others.find(`${topic}|${aggregate}`);
      if (other !== undefined) version = otherVersions.get(other);
    }
    return version === MOST ? (high.get(`${topic}|${aggregate}`) ?? MOST) : version;
  };

  return {
    get,
    set: (topic, aggregate, version) => {
      const kept = Math.min(version, MOST);
      if (version >= MOST) high.set(`${topic}|${aggregate}`, version);
      for (let kind = 0; kind < ids.length; kind++) {
        const index = ids[kind]?.find(aggregate);
        if (index === undefined) continue;
        columnOf(topic, kind).set(index, kept);
        return;
      }
      otherTopics.add(topic);
      otherVersions.set(others.intern(`${topic}|${aggregate}`), kept);
    },
    freeze: () =>
      joined({
        others: others.freeze(),
        columns: {
          meta: { names: named().map(([name]) => name), high: [...high], topics: [...otherTopics] },
          parts: {
            ...Object.fromEntries(named().map(([name, column]) => [name, column.freeze()])),
            others: otherVersions.freeze(),
          },
        },
      }),
    thaw: (frozen) => {
      others.thaw(partOf(frozen, 'others'));
      const { meta, parts } = partOf(frozen, 'columns');
      for (const name of meta['names'] as string[]) {
        const [topic = '', kind = ''] = name.split('|');
        columnOf(topic, Number(kind)).thaw(parts[name] ?? []);
      }
      for (const [name, version] of meta['high'] as [string, number][]) high.set(name, version);
      for (const topic of meta['topics'] as string[]) otherTopics.add(topic);
      otherVersions.thaw(parts['others'] ?? []);
    },
    bytes: () => others.bytes() + otherVersions.bytes() + named().reduce((sum, [, one]) => sum + one.bytes(), 0),
  };
}
