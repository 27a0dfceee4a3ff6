import type { SerialRange } from '@lotwarden/contracts/events';
import { askTrace } from '@lotwarden/traceability/ask-trace';
import { balanceOf } from '@lotwarden/traceability/balance';
import { booksOf } from '@lotwarden/traceability/books';
import { gapsOf } from '@lotwarden/traceability/completeness';
import { extentOf } from '@lotwarden/traceability/extent';
import { whyIn } from '@lotwarden/traceability/why';
import { fold } from '@lotwarden/traceability/fold';
import { createGenealogy } from '@lotwarden/traceability/genealogy';
import { freezeGraph, thawGraph } from '@lotwarden/traceability/graph-parts';
import { lotNode, meant } from '@lotwarden/traceability/nodes';
import { scopeOf } from '@lotwarden/traceability/scope';
import { atOnce } from '@lotwarden/traceability/trace';
import { pageOf } from '@lotwarden/traceability/trace-page';
import { formatSerial } from '@lotwarden/platform/serial-range';
import { SURE } from './true-answer.ts';
import type { Told } from '../generator/publish.ts';

type Fact = Parameters<typeof fold>[1];
type Graph = ReturnType<typeof createGenealogy>;

/** The service's own graph, fed with what was told; after so many facts it goes on from what was written down of it. */
export function foldAll(told: Iterable<Told>, kept?: number): Graph {
  let graph = createGenealogy({ mostHot: 4 });
  let offset = 0;
  for (const message of told) {
    if (offset === kept) graph = readAgain(graph);
    fold(graph, { ...message, partition: 0, offset: offset++ } as Fact);
  }
  return graph;
}

function readAgain(graph: Graph): Graph {
  const { packed, rest } = freezeGraph(graph);
  return thawGraph({ packed, rest: structuredClone(rest) });
}

export const fastScope = scopeOf;
export const fastGaps = (graph: Graph): string[] => gapsOf(graph, []);
export const fastBalance = (graph: Graph, lot: string) => balanceOf(booksOf(graph, lotNode(graph, lot)));

/** The lines of all lots of a trace, as they are answered over HTTP. */
export function fastTrace(graph: Graph, ask: Parameters<typeof askTrace>[1]) {
  const { trace, summary } = atOnce(askTrace(graph, ask));
  const lines: TracedLot[] = [];
  for (let cursor: string | null = '0'; cursor !== null;) {
    const page = JSON.parse(new TextDecoder().decode(pageOf(graph, trace, { part: 'lots', limit: 7, cursor }))) as Page; // prettier-ignore
    lines.push(...page.items);
    cursor = page.next;
  }
  /** Hops and certainty of the path that is told of the first unit of each way. */
  const pathsOfUnits = lines.flatMap(({ lot, hops: near, unitWays }) =>
    unitWays.map(({ hops, certainty, ranges: [range] }) => {
      const serial = range ? formatSerial(range, range.first) : '';
      const why = whyIn(graph, trace, lot, { serial, gtin: range?.gtin ?? null });
      const [told, walked] = [`${String(hops)} ${certainty}`, worstOf(why)];
      // One that has no way of its own has its lot's, and is no surer than the least sure step into the lot.
      const isAsLot = hops === near && walked === worstOf(whyIn(graph, trace, lot)) && why?.certainty === certainty;
      return { unit: `${lot} ${serial}`, told, walked: isAsLot && isNoSurer(told, walked) ? told : walked };
    }),
  );
  return { lines, summary, pathsOfUnits };
}

/** As far, and no surer than its worst link. */
function worstOf(why: ReturnType<typeof whyIn>): string {
  const links = (why?.path ?? []).flatMap(({ certainty }) => certainty ?? []);
  const worst = Math.max(0, ...links.map((one) => SURE.indexOf(one)));
  return `${String(links.length)} ${SURE[worst] ?? ''}`;
}

const isNoSurer = (told: string, walked: string): boolean => sureIn(told) >= sureIn(walked);
const sureIn = (text: string): number => SURE.indexOf(text.split(' ')[1] ?? '');

interface TracedLot {
  readonly lot: string;
  readonly quantity: { readonly value: string; readonly unit: string } | null;
  readonly serials: { readonly mode: string; readonly ranges: readonly SerialRange[] };
  readonly hops: number;
  readonly certainty: string;
  readonly unitWays: readonly { readonly hops: number; readonly certainty: string; readonly ranges: readonly SerialRange[] }[]; // prettier-ignore
}

interface Page {
  readonly items: readonly TracedLot[];
  readonly next: string | null;
}

/** How many lots, and how far they are, without tracing where that can be told by numbers. */
export const fastExtent = (graph: Graph, roots: readonly string[], direction: 'forward' | 'backward') => {
  const starts = roots.flatMap((root) => {
    const lot = graph.lotIds.find(root);
    return lot === undefined ? [] : meant(graph, lot).map((one) => ({ lot: one, units: 'all' as const }));
  });
  return atOnce(extentOf(graph, starts, direction, []));
};
