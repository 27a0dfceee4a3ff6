import { createPostings } from '../packed/postings.ts';
import { createRows } from '../packed/rows.ts';
import { createAttributes } from './attributes.ts';
import { createEdgeRows } from './edge-rows.ts';
import { createFloor } from './floor.ts';
import type { Genealogy } from './genealogy.ts';
import { createInterner } from './interner.ts';
import { createNodes } from './node-stores.ts';
import { createSerialIndex } from './serial-index.ts';
import { createStreams } from './streams.ts';

export interface GenealogyOptions {
  /** So many lots, and as many operations, are kept as objects: those that changed last. */
  readonly mostHot?: number;
}

const MOST_HOT = 16_384;

export function createGenealogy({ mostHot = MOST_HOT }: GenealogyOptions = {}): Genealogy {
  const lotIds = createInterner();
  const operationIds = createInterner();
  const containerIds = createInterner();
  const terms = createInterner();
  const links = createRows();
  const toldIds = createInterner();
  return {
    ...createNodes({ lotIds, operationIds, containerIds, toldIds, terms, links, mostHot }),
    lotIds,
    operationIds,
    containerIds,
    terms,
    links,
    aliases: createPostings(),
    names: createPostings(),
    aliasPlaceholders: createPostings(),
    custodians: createPostings(),
    streams: createStreams([lotIds, operationIds]),
    edges: createEdgeRows(),
    parties: new Map(),
    places: new Map(),
    gapped: new Set(),
    attributes: createAttributes(),
    serials: createSerialIndex(),
    toldIds,
    toldOfLots: createRows(),
    toldOfContainers: createRows(),
    toldOfOperations: createRows(),
    toldUnits: createPostings(),
    unknownUnits: new Set(),
    onlyTold: new Set(),
    madeElsewhere: new Set(),
    awaited: new Set(),
    ownGtins: new Set(),
    floor: createFloor(),
    takenOut: new Map(),
    wanting: new Set(),
    undeclared: new Set(),
    contradicted: new Set(),
  };
}
