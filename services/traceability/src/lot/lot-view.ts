import { union, type SerialRange } from '@lotwarden/platform/serial-range';
import { balanceOf, type Balance } from '../balance/balance.ts';
import { booksOf, statusOf } from '../balance/books.ts';
import type { Genealogy } from '../genealogy/genealogy.ts';
import type { Lot, Operation } from '../genealogy/model.ts';
import { lotAt, members, operationAt } from '../genealogy/nodes.ts';
import { inputsOf, outputsOf } from '../trace/links.ts';

export interface OperationView {
  readonly operation: string;
  readonly kind: string;
  readonly voided: boolean;
  readonly site: string | null;
  readonly equipment: string | null;
  readonly workOrder: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface LotView {
  readonly lot: string;
  /** False for a lot that somebody mentioned and its owner never declared. */
  readonly declared: boolean;
  readonly kind: string;
  readonly item: string | null;
  readonly revision: string | null;
  readonly site: string | null;
  readonly status: string;
  readonly supplier: string | null;
  readonly supplierLot: string | null;
  readonly purchaseOrder: string | null;
  readonly workOrder: string | null;
  readonly aliases: readonly { readonly system: string; readonly code: string }[];
  readonly placeholders: readonly string[];
  readonly markets: readonly string[];
  readonly complaints: readonly string[];
  readonly containers: readonly string[];
  readonly custodians: readonly string[];
  readonly serials: { readonly current: readonly SerialRange[]; readonly ever: readonly SerialRange[] };
  readonly source: Balance['source'];
  readonly stock: Balance['onHandAt'];
  readonly madeBy: readonly OperationView[];
  readonly usedBy: readonly OperationView[];
}

/** Everything known of one lot, with what was said under its placeholders. */
export function lotView(graph: Genealogy, lot: Lot): LotView {
  const nodes = members(graph, lot.index);
  const { source, onHandAt } = balanceOf(booksOf(graph, lot));
  const { declaration } = lot;
  const gather = (of: (node: Lot) => Iterable<string>): string[] =>
    [...new Set(nodes.flatMap((n) => [...of(n)]))].sort();
  const operations = (of: (node: Lot) => readonly number[]): OperationView[] =>
    [...new Set(nodes.flatMap((node) => [...of(node)]))]
      .map((index) => operationView(graph, operationAt(graph, index)))
      .sort((a, b) => (`${a.startedAt ?? ''} ${a.operation}` < `${b.startedAt ?? ''} ${b.operation}` ? -1 : 1));
  return {
    lot: lot.id,
    declared: !graph.undeclared.has(lot.index),
    kind: declaration?.kind ?? 'unknown',
    item: declaration?.item ?? null,
    revision: declaration?.revision ?? null,
    site: declaration?.site ?? null,
    status: statusOf(lot),
    supplier: declaration?.supplier ?? null,
    supplierLot: declaration?.supplierLot ?? null,
    purchaseOrder: declaration?.purchaseOrder ?? null,
    workOrder: declaration?.workOrder ?? null,
    aliases: nodes.flatMap(({ aliases }) => aliases),
    placeholders: nodes.filter((node) => node !== lot).map(({ id }) => id),
    markets: gather(({ markets }) => markets),
    complaints: gather(({ complaints }) => complaints),
    containers: gather(({ containers }) => containers),
    custodians: gather(({ goods }) => goods.flatMap(({ party }) => party ?? [])),
    serials: {
      current: rangesOf(nodes, ({ serials }) => serials.current),
      ever: rangesOf(nodes, ({ serials }) => serials.ever),
    },
    source,
    stock: onHandAt,
    madeBy: operations(({ producedBy }) => producedBy),
    usedBy: operations(({ consumedBy }) => consumedBy),
  };
}

const rangesOf = (nodes: readonly Lot[], of: (node: Lot) => readonly SerialRange[]): SerialRange[] =>
  union(
    nodes.flatMap((node) => [...of(node)]),
    [],
  );

function operationView(graph: Genealogy, operation: Operation): OperationView {
  const { id, head, voided } = operation;
  const ids = (lots: readonly { lot: number }[]): string[] => [...new Set(lots.map(({ lot }) => lotAt(graph, lot).id))];
  return {
    operation: id,
    kind: head?.kind ?? 'unknown',
    voided,
    site: head?.site ?? null,
    equipment: head?.equipment ?? null,
    workOrder: head?.workOrder ?? null,
    startedAt: head?.startedAt ?? null,
    endedAt: head?.endedAt ?? null,
    inputs: ids(inputsOf(graph, operation)),
    outputs: ids(outputsOf(graph, operation)),
  };
}
