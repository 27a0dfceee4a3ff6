import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { fold } from '@lotwarden/traceability/fold';
import { createGenealogy } from '@lotwarden/traceability/genealogy';
import { prepareSnapshot, readSnapshot, writeSnapshot } from '@lotwarden/traceability/snapshot';
import { headBytes } from '@lotwarden/traceability/structure';
import { publish } from '../../generator/publish.ts';
import { row, write, type Result } from '../result.ts';
import { genealogyOf } from '../trace/factory-graph.ts';
import type { Ready } from './ready.worker.ts';

type Fact = Parameters<typeof fold>[1];
type Graph = ReturnType<typeof createGenealogy>;

const SHORT = 300_000;
const FULL = 10_000_000;
/** The graph of objects is measured at this size; at the full one it does not live. */
const OBJECTS = 50_000;

/** What the packed graph needs in memory and on disk, and how long it takes to be ready from there. */
export async function memory(_: unknown, full: boolean): Promise<Result> {
  const operations = Number(process.env['OPERATIONS'] ?? (full ? FULL : SHORT));
  const graph = createGenealogy();
  const built = build(graph, operations);
  const folder = mkdtempSync(join(tmpdir(), 'lotwarden-memory-'));
  try {
    const began = performance.now();
    const snapshot = { graph, marks: [], lastIds: new Map(), unreadable: [] };
    await prepareSnapshot(graph);
    const { bytes, held } = await writeSnapshot(folder, snapshot);
    const writing = performance.now() - began;
    const { ready, floor } = await readyFrom(folder);
    const again = readSnapshot(folder, (reason) => {
      throw new Error(reason);
    })?.graph;
    const violations = again ? differences(graph, again) : 1;
    const parts = sizes(graph);
    const objects = objectsPerOperation();
    const perOperation = (parts.structure + parts.attributes + parts.dictionary) / operations;
    const goal = (text: string, holds: (ours: number) => boolean) => ({ text, holds: ({ ours }: { ours: number }) => holds(ours) }); // prettier-ignore
    const stated = { text: 'stated', holds: () => true };
    const rows = [
      row({ metric: 'structure, both ways', unit: 'B/edge', ours: parts.structure / built.edges, goal: goal('<= 12', (ours) => ours <= 12) }), // prettier-ignore
      row({ metric: 'attributes of a node', unit: 'B', ours: parts.attributes / (graph.lots.size + graph.operations.size), goal: stated }), // prettier-ignore
      row({ metric: 'dictionary, an id', unit: 'B', ours: parts.dictionary / parts.ids, goal: stated }),
      row({ metric: 'all, an operation with its lots', unit: 'B', ours: perOperation, peer: objects, goal: { text: '<= 0.5 x objects', holds: ({ ours, peer }) => ours <= 0.5 * peer } }), // prettier-ignore
      row({ metric: 'folded', unit: 'facts/s', ours: built.facts / built.seconds, goal: stated }),
      row({ metric: 'longest fold', unit: 'ms', ours: built.longest, goal: stated }),
      row({ metric: 'snapshot written', unit: 's', ours: writing / 1000, goal: stated }),
      row({ metric: 'facts wait for it at most', unit: 'ms', ours: held, goal: goal('<= 250', (ours) => ours <= 250) }), // prettier-ignore
      row({ metric: 'snapshot', unit: 'MB', ours: bytes / 1e6, goal: stated }),
      row({ metric: 'ready from it', unit: 's', ours: ready, floor, goal: goal('<= 10 s at 10^7', (ours) => ours <= Math.max(0.5, (10 * operations) / FULL)) }), // prettier-ignore
    ];
    const size = { operations, lots: graph.lots.size, serials: graph.lots.size * 1_000, edges: built.edges, facts: built.facts }; // prettier-ignore
    return write('memory', size, rows, violations);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(graph: Graph, operations: number) {
  let facts = 0;
  let edges = 0;
  let longest = 0;
  let spent = 0;
  for (const told of publish(genealogyOf(operations))) {
    const fact = { ...told, partition: 0, offset: facts++ } as Fact;
    if (fact.topic === 'mes-bridge.operation.v1' && fact.event.type === 'OperationRecorded')
      edges += fact.event.inputs.length + fact.event.outputs.length;
    const began = performance.now();
    fold(graph, fact);
    const took = performance.now() - began;
    spent += took;
    longest = Math.max(longest, took);
  }
  return { facts, edges, longest, seconds: spent / 1000 };
}

/** Where things lie and what leads where; what is told of each; and how each is called. */
function sizes(graph: Graph) {
  const { lots, operations, links, lotColumns, lotIds, operationIds, terms, aliases, names, aliasPlaceholders } = graph;
  const [lotBytes, operationBytes] = [lots.bytes(), operations.bytes()];
  let heads = 0;
  for (let index = 0; index < operations.size; index++) heads += headBytes(graph, index);
  const structure = links.bytes() + operationBytes.places + heads + lotColumns.flags.bytes();
  const attributes =
    lotBytes.places + lotBytes.reserved + operationBytes.reserved - heads + lotColumns.units.bytes() + graph.streams.versions.bytes(); // prettier-ignore
  const named = [lotIds, operationIds, terms, aliases, names, aliasPlaceholders];
  const dictionary = named.reduce((sum, one) => sum + one.bytes(), 0);
  return { structure, attributes, dictionary, ids: lotIds.size + operationIds.size };
}

/** The same graph as objects, and ids in a Map: what it took before. */
function objectsPerOperation(): number {
  const before = used();
  const graph = createGenealogy({ mostHot: Infinity });
  const ids = new Map<string, number>();
  for (const told of publish(genealogyOf(OBJECTS))) {
    fold(graph, { ...told, partition: 0, offset: 0 } as Fact);
    ids.set(told.aggregate, ids.size);
  }
  const bytes = used() - before;
  return ids.size === 0 ? 0 : bytes / graph.operations.size;
}

function used(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Lots, operations and links that are not the same; a sample of 10,000. */
function differences(a: Graph, b: Graph): number {
  if (a.lots.size !== b.lots.size || a.operations.size !== b.operations.size) return 1;
  let found = 0;
  const step = Math.max(1, Math.floor(a.lots.size / 10_000));
  for (let index = 0; index < a.lots.size; index += step)
    if (JSON.stringify(a.lots.at(index)) !== JSON.stringify(b.lots.at(index))) found += 1;
  for (let index = 0; index < a.operations.size; index += step)
    if (JSON.stringify(a.operations.at(index)) !== JSON.stringify(b.operations.at(index))) found += 1;
  return found;
}

/** In a thread of its own: this one has a factory's heap to look through whenever it collects garbage. */
async function readyFrom(folder: string): Promise<Ready> {
  const worker = new Worker(new URL('./ready.worker.ts', import.meta.url), { workerData: folder });
  const [told] = (await once(worker, 'message')) as [Ready];
  return told;
}
