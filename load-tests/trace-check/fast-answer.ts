import { balanceOf } from '@lotwarden/traceability/balance';
import { booksOf } from '@lotwarden/traceability/books';
import { gapsOf } from '@lotwarden/traceability/completeness';
import { fold } from '@lotwarden/traceability/fold';
import { createGenealogy } from '@lotwarden/traceability/genealogy';
import { lotNode } from '@lotwarden/traceability/nodes';
import { scopeOf } from '@lotwarden/traceability/scope';
import type { Told } from '../generator/publish.ts';

type Fact = Parameters<typeof fold>[1];
type Graph = ReturnType<typeof createGenealogy>;

/** The service's own graph, fed with what was told. */
export function foldAll(told: Iterable<Told>): Graph {
  const graph = createGenealogy({ mostHot: 4 });
  let offset = 0;
  for (const message of told) fold(graph, { ...message, partition: 0, offset: offset++ } as Fact);
  return graph;
}

export const fastScope = scopeOf;
export const fastGaps = (graph: Graph): string[] => gapsOf(graph, []);
export const fastBalance = (graph: Graph, lot: string) => balanceOf(booksOf(graph, lotNode(graph, lot)));
