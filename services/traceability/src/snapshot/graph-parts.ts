import { createGenealogy } from '../genealogy/create-genealogy.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Column } from '../packed/column.ts';
import type { Frozen } from '../packed/frozen.ts';

/** A graph at one moment: what is packed as it is, and the rest, of which there is little, as plain data. */
export interface GraphParts {
  readonly packed: Readonly<Record<string, Frozen>>;
  readonly rest: Readonly<Record<string, unknown>>;
}

interface Packed {
  readonly freeze: () => Frozen;
  readonly thaw: (frozen: Frozen) => void;
}

/** Derived, and made anew by whoever walks. */
const DERIVED: ReadonlySet<string> = new Set(['edges']);

/**
 * Takes tens of milliseconds whatever the size: what is frozen is shared with the graph, which goes on beside it. The rest
 * is not: it must be copied before the next fact.
 */
export function freezeGraph(graph: Genealogy): GraphParts {
  const packed = packedOf(graph);
  return {
    // Nodes first: packing the last of them gives numbers to words.
    packed: Object.fromEntries(Object.entries(packed).map(([name, one]) => [name, one.freeze()])),
    rest: {
      ...Object.fromEntries(Object.entries(graph).filter(([name]) => !(name in packed) && !NOT_REST.has(name))),
      waiting: graph.streams.waiting,
    },
  };
}

/** The graph as it was; it goes on from there. */
export function thawGraph({ packed, rest }: GraphParts): Genealogy {
  const graph = createGenealogy();
  for (const [name, one] of Object.entries(packedOf(graph))) {
    const frozen = packed[name];
    if (!frozen) throw new RangeError(`nothing of ${name}`);
    one.thaw(frozen);
  }
  const { waiting, ...others } = rest;
  for (const [name, facts] of waiting as Genealogy['streams']['waiting']) graph.streams.waiting.set(name, facts);
  return Object.assign(graph, others);
}

const NOT_REST: ReadonlySet<string> = new Set([...DERIVED, 'streams', 'lotColumns', 'attributes']);

function packedOf(graph: Genealogy): Readonly<Record<string, Packed>> {
  const { lots, operations, containers, lotIds, operationIds, containerIds, terms, links } = graph;
  const { aliases, names, aliasPlaceholders, custodians, lotColumns, streams, attributes, serials } = graph;
  const { told, toldIds, toldOfLots, toldOfContainers, toldOfOperations, toldUnits } = graph;
  return {
    lots,
    operations,
    containers,
    told,
    flags: ofColumn(lotColumns.flags),
    units: ofColumn(lotColumns.units),
    links,
    aliases,
    names,
    aliasPlaceholders,
    custodians,
    versions: streams.versions,
    serials,
    attributesOfOperations: attributes.operations,
    attributesOfLots: attributes.lots,
    terms,
    lotIds,
    operationIds,
    containerIds,
    toldIds,
    toldOfLots,
    toldOfContainers,
    toldOfOperations,
    toldUnits,
  };
}

const ofColumn = (column: Column): Packed => ({
  freeze: () => ({ meta: {}, parts: { values: column.freeze() } }),
  thaw: ({ parts }) => column.thaw(parts['values'] ?? []),
});
