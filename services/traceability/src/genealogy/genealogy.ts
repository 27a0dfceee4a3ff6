import type { Attributes } from './attributes.ts';
import type { EdgeRows } from './edge-rows.ts';
import type { Postings } from '../packed/postings.ts';
import type { Rows } from '../packed/rows.ts';
import type { Store } from '../packed/store.ts';
import type { Floor } from './floor.ts';
import type { Interner } from './interner.ts';
import type { Column } from '../packed/column.ts';
import type { Streams } from './streams.ts';
import type { SerialIndex } from './serial-index.ts';
import type { Container, LotStore, Operation, PartyFacts } from './model.ts';
import type { Told } from './told.ts';

/** What a walk asks of a lot that is bytes; of one that is an object it asks the object. */
export interface LotColumns {
  readonly flags: Column;
  /** How many units were ever in it. */
  readonly units: Column;
}

/**
 * The graph of one replica: bipartite, lot → operation → lot, with dense numbers inside. Only the fold writes it;
 * everybody else reads through nodes.ts and structure.ts: nodes are bytes unless they changed lately, links compressed rows.
 * What there is one of per lot, operation or event is packed; Maps and Sets are for what there is little of. All of it
 * goes into a snapshot (snapshot/graph-parts.ts); other properties go there by themselves as long as they are plain data.
 */
export interface Genealogy {
  readonly lots: LotStore;
  readonly lotIds: Interner;
  readonly operations: Store<Operation>;
  readonly operationIds: Interner;
  /** What follows from the nodes, for whoever walks. */
  readonly edges: EdgeRows;
  /** lotRefKey → lots that have this alias. */
  readonly aliases: Postings;
  /** The same by the name alone, for those who do not know whose name it is. */
  readonly names: Postings;
  /** Placeholder ids that an alias would have, for those who mention it before or after it was assigned. */
  readonly aliasPlaceholders: Postings;
  readonly containers: Store<Container>;
  readonly containerIds: Interner;
  /** Words that many nodes share. */
  readonly terms: Interner;
  /** Lot → operation and side, both in one number: links.ts. */
  readonly links: Rows;
  readonly lotColumns: LotColumns;
  /** Party → lots it ever had to do with. */
  readonly custodians: Postings;
  /** Party → what it is counted under; as it was told last. Plain data, one entry a party. */
  readonly parties: Map<string, PartyFacts>;
  /** site|location → kind of place. */
  readonly places: Map<string, string>;
  readonly streams: Streams;
  /** topic|aggregate of those that wait for a version. */
  readonly gapped: Set<string>;
  /** What operations and lots can be found by. */
  readonly attributes: Attributes;
  /** Lots by the units that were ever in them. */
  readonly serials: SerialIndex;
  /** What was told in EPCIS: an event each, and which of them are about a lot or unit, a container, an operation. */
  readonly told: Store<Told>;
  readonly toldIds: Interner;
  readonly toldOfLots: Rows;
  readonly toldOfContainers: Rows;
  readonly toldOfOperations: Rows;
  /** Nodes of told units by their product, and by where their number lies: told-units.ts. */
  readonly toldUnits: Postings;
  /** Told units of which nobody knows where they come from. */
  readonly unknownUnits: Set<number>;
  /** Lots that nobody but EPCIS events ever named. */
  readonly onlyTold: Set<number>;
  /** Lots that others told of having made. */
  readonly madeElsewhere: Set<number>;
  /** Events that are announced to replace another. */
  readonly awaited: Set<number>;
  /** Products of which we gave units their serials. */
  readonly ownGtins: Set<string>;
  /** What was mounted, loaded and run on which machine. */
  readonly floor: Floor;
  /** Lot → repairs and reworks that may have taken parts of it out of units again: they name serials of it. */
  readonly takenOut: Map<number, number[]>;
  /** Operations whose inputs may be missing. */
  readonly wanting: Set<number>;
  /** Lots that somebody mentioned and nobody declared. */
  readonly undeclared: Set<number>;
  /** Placeholders that more than one lot claims to be. */
  readonly contradicted: Set<number>;
}
