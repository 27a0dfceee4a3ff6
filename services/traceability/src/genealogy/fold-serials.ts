import type { EventOf } from '@lotwarden/contracts/events';
import { subtract, union, type SerialRange } from '@lotwarden/platform/serial-range';
import { knownInOurBooks } from './fold-epcis.ts';
import type { Genealogy } from './genealogy.ts';
import type { Lot } from './model.ts';
import { CONSUMED, link, PRODUCED } from './links.ts';
import { lotNode, operationNode } from './nodes.ts';
import { noteTakenOut } from './note-taken-out.ts';
import { reviewOperation } from './review-floor.ts';
import { reviewInputs } from './review-inputs.ts';

export function foldSerials(graph: Genealogy, event: EventOf<'serialization.serial-range.v1'>): void {
  const lot = lotNode(graph, event.lot);
  switch (event.type) {
    case 'SerialsCommissioned':
      enter(graph, lot, event.ranges);
      break;
    case 'SerialsMovedIn':
      enter(graph, lot, event.ranges);
      addMove(graph, event.operation, lotNode(graph, event.fromLot), lot, event.ranges);
      break;
    case 'SerialsMovedOut':
      lot.serials = { ...lot.serials, current: subtract(lot.serials.current, event.ranges) };
      addMove(graph, event.operation, lot, lotNode(graph, event.toLot), event.ranges);
      break;
    case 'SerialsScrapped':
      lot.serials = {
        ...lot.serials,
        current: subtract(lot.serials.current, event.ranges),
        scrapped: union(lot.serials.scrapped, event.ranges),
      };
      break;
    // Labels and conflicts move no unit.
    default:
      break;
  }
}

function enter(graph: Genealogy, lot: Lot, ranges: readonly SerialRange[]): void {
  graph.serials.note(lot.index, ranges);
  const { current, ever, scrapped } = lot.serials;
  lot.serials = { current: union(current, ranges), ever: union(ever, ranges), scrapped };
  knownInOurBooks(graph, ranges);
}

/** Both lots tell of the same movement; either suffices, also before the operation itself is heard of. */
function addMove(graph: Genealogy, id: string, from: Lot, to: Lot, ranges: readonly SerialRange[]): void {
  const operation = operationNode(graph, id);
  const known = operation.moves.findIndex((move) => move.from === from.index && move.to === to.index);
  const before = operation.moves[known];
  const move = { from: from.index, to: to.index, ranges: union(before?.ranges ?? [], ranges) };
  if (before) operation.moves[known] = move;
  else operation.moves.push(move);
  link(graph, from.index, operation.index, CONSUMED);
  link(graph, to.index, operation.index, PRODUCED);
  noteTakenOut(graph, operation);
  reviewInputs(graph, operation);
  reviewOperation(graph, operation);
}
