import { createColumn } from '../packed/column.ts';
import { sharedFields } from '../packed/fields.ts';
import type { Rows } from '../packed/rows.ts';
import { createStore, type Store } from '../packed/store.ts';
import type { LotColumns } from './genealogy.ts';
import type { Container, Lot, LotStore, Operation } from './model.ts';
import type { Interner } from './interner.ts';
import { NONE } from './few.ts';
import { CONSUMED, linked, PRODUCED, SCRAPPED } from './links.ts';
import { containerForm, lotForm, type LotState } from './lot-form.ts';
import { operationForm } from './operation-form.ts';
import { toldForm, type Told } from './told.ts';

/** A placeholder that turned out to be lots. */
export const STANDS = 1;
/** Placeholders turned out to be it. */
export const HAS_PLACEHOLDERS = 2;
/** Somebody else had or has of it. */
export const HAS_CUSTODY = 4;

/** So many units or more: a column holds no larger number. */
export const MANY_UNITS = 2 ** 32 - 1;

interface Parts {
  readonly lotIds: Interner;
  readonly operationIds: Interner;
  readonly containerIds: Interner;
  readonly toldIds: Interner;
  readonly terms: Interner;
  readonly links: Rows;
  readonly mostHot: number;
}

interface Nodes {
  readonly lots: LotStore;
  readonly operations: Store<Operation>;
  readonly containers: Store<Container>;
  readonly told: Store<Told>;
  readonly lotColumns: LotColumns;
}

export function createNodes({ lotIds, operationIds, containerIds, toldIds, terms, links, mostHot }: Parts): Nodes {
  const shared = sharedFields(terms);
  const operation = operationForm(shared);
  const lotColumns: LotColumns = { flags: createColumn(1), units: createColumn(4) };
  return {
    lots: lotStore(lotForm(shared), lotIds, links, lotColumns, mostHot),
    operations: createStore<Operation>(
      {
        write: operation.write,
        read: (from, index) => operation.read(from, index, operationIds.text(index)),
        idOf: operationIds.text,
      },
      mostHot,
    ),
    containers: createStore<Container>({ ...containerForm(shared), idOf: containerIds.text }, mostHot),
    told: createStore<Told>({ ...toldForm(shared), idOf: toldIds.text }, mostHot),
    lotColumns,
  };
}

function lotStore(
  form: ReturnType<typeof lotForm>,
  { text }: Interner,
  links: Rows,
  { flags, units }: LotColumns,
  mostHot: number,
): LotStore {
  const shared = linkedIn(links);
  const store = createStore<Lot>(
    {
      write: (out, lot) => {
        flags.set(lot.index, flagsOf(lot));
        units.set(lot.index, Math.min(MANY_UNITS, unitsIn(lot)));
        form.write(out, lot);
      },
      read: (from, index) => asLot(shared, index, text(index), form.read(from)),
      idOf: text,
    },
    mostHot,
  );
  return Object.assign(store, {
    begin: (index: number, id: string) => store.add(asLot(shared, index, id, unknownLot())),
  });
}

export const flagsOf = ({ standsFor, placeholders, goods }: LotState): number =>
  (standsFor.length > 0 ? STANDS : 0) |
  (placeholders.length > 0 ? HAS_PLACEHOLDERS : 0) |
  (goods.some(({ party }) => party !== null) ? HAS_CUSTODY : 0);

export const unitsIn = ({ serials }: LotState): number =>
  serials.ever.reduce((sum, { first, last }) => sum + last - first + 1, 0);

type Linked = Pick<Lot, 'index' | 'consumedBy' | 'producedBy' | 'scrappedBy'>;

/** What all lots of a graph share: getters of its own would cost a lot more than all else it has. */
const linkedIn = (links: Rows) => ({
  get consumedBy() {
    return linked(links, (this as unknown as Linked).index, CONSUMED);
  },
  get producedBy() {
    return linked(links, (this as unknown as Linked).index, PRODUCED);
  },
  get scrappedBy() {
    return linked(links, (this as unknown as Linked).index, SCRAPPED);
  },
});

const asLot = (shared: ReturnType<typeof linkedIn>, index: number, id: string, state: LotState): Lot =>
  ({
    __proto__: shared,
    index,
    id,
    declaration: state.declaration,
    acceptance: state.acceptance,
    aliases: state.aliases,
    standsFor: state.standsFor,
    placeholders: state.placeholders,
    serials: state.serials,
    goods: state.goods,
    markets: state.markets,
    complaints: state.complaints,
    containers: state.containers,
  }) satisfies LotState & { __proto__: object; index: number; id: string } as unknown as Lot;

const unknownLot = (): LotState => ({
  declaration: null,
  acceptance: null,
  aliases: [],
  standsFor: [],
  placeholders: [],
  serials: { current: [], ever: [], scrapped: [] },
  goods: [],
  markets: NONE,
  complaints: NONE,
  containers: NONE,
});
