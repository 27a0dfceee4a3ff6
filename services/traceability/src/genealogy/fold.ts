import type { Fact } from './facts.ts';
import { withOne, withoutOne } from './few.ts';
import { foldContainer } from './fold-container.ts';
import { foldEpcis } from './fold-epcis.ts';
import { foldGoods } from './fold-goods.ts';
import { foldLoad } from './fold-load.ts';
import { foldLot } from './fold-lot.ts';
import { foldMount } from './fold-mount.ts';
import { foldOperation } from './fold-operation.ts';
import { foldSerials } from './fold-serials.ts';
import type { Genealogy } from './genealogy.ts';
import { lotNode, settle } from './nodes.ts';
import { reviewLot } from './review-floor.ts';
import { inTurn } from './streams.ts';

/**
 * Takes one fact in. A version that was already seen is dropped; one that comes too early waits, and its aggregate is named
 * as a gap, until the missing ones are there (correctness rules 3 and 4). Tells how many facts took effect.
 */
export function fold(graph: Genealogy, fact: Fact): number {
  const { applied, waits } = inTurn(graph.streams, fact, (next) => apply(graph, next));
  if (waits) graph.gapped.add(`${fact.topic}|${fact.aggregate}`);
  else if (graph.gapped.size > 0) graph.gapped.delete(`${fact.topic}|${fact.aggregate}`);
  settle(graph);
  return applied;
}

function apply(graph: Genealogy, fact: Fact): void {
  switch (fact.topic) {
    case 'receiving.material-lot.v1':
    case 'mes-bridge.production-lot.v1':
      foldLot(graph, fact);
      reviewLot(graph, lotNode(graph, fact.event.lot).index);
      break;
    case 'mes-bridge.operation.v1':
      foldOperation(graph, fact);
      break;
    case 'mes-bridge.mount.v1':
      foldMount(graph, fact.event);
      break;
    case 'mes-bridge.process-load.v1':
      foldLoad(graph, fact);
      break;
    case 'mes-bridge.product.v1': {
      const { product, revision, validFrom, productLine, bom } = fact.event;
      const known = graph.floor.products.get(product) ?? [];
      graph.floor.products.set(product, [...known, { revision, validFrom, productLine, bom }]);
      break;
    }
    case 'serialization.serial-range.v1':
      foldSerials(graph, fact.event);
      break;
    case 'serialization.container.v1':
      foldContainer(graph, fact.event);
      break;
    case 'warehouse.site.v1':
      if (fact.event.type === 'LocationRegistered')
        graph.places.set(`${fact.event.site}|${fact.event.location}`, fact.event.kind);
      break;
    case 'warehouse.stock.v1':
    case 'warehouse.shipment.v1':
    case 'warehouse.return.v1':
    case 'warehouse.destruction.v1':
    case 'field.custody.v1':
      foldGoods(graph, fact);
      break;
    case 'qms.release.v1': {
      const lot = lotNode(graph, fact.event.lot);
      const change = fact.event.type === 'LotReleased' ? withOne : withoutOne;
      lot.markets = change(lot.markets, fact.event.market);
      break;
    }
    case 'field.party.v1': {
      const { party, name, nameZh, region, channel, country } = fact.event;
      graph.parties.set(party, { name, nameZh, region, channel, country });
      break;
    }
    case 'traceability.epcis.v1':
      foldEpcis(graph, fact);
      break;
    case 'qms.complaint.v1':
      for (const id of [fact.event.lot, fact.event.suspectedLot]) {
        if (id === null) continue;
        const lot = lotNode(graph, id);
        lot.complaints = withOne(lot.complaints, fact.event.complaint);
      }
      break;
  }
}
