import type { BomLine, OperationOutput, Violation } from '@lotwarden/contracts/events';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import { imbalances, type Counted } from './balance-operation.ts';
import type { Assess } from './record-operation.ts';
import { inputViolations, type LotStatus } from './start-check.ts';
import { inUnit } from './units.ts';

/** What is known of a lot at the moment of the report. */
export interface LotFacts {
  readonly status: LotStatus;
  readonly item: string | null;
  readonly heldBy: (serials: readonly SerialRange[]) => readonly string[];
  /** Of these, the holds that lay on it already while it was a placeholder. */
  readonly heldUnknown: (serials: readonly SerialRange[]) => readonly string[];
  /** When a supplier lot was accepted, ISO 8601; null where it was not, and for our own. */
  readonly acceptedAt: string | null;
}

/** What is known of lots and items at the moment of the report. */
export interface Knowledge {
  /** The lot itself: another one for a placeholder that was merged. */
  readonly real: (lot: string) => string;
  readonly lot: (lot: string) => LotFacts;
  /** Unit that an item is counted in; undefined for items nobody specified. */
  readonly unitOf: (item: string) => string | undefined;
  /** By the revision in force; undefined for what is bought or not known. */
  readonly bomOf: (item: string, moment: string) => readonly BomLine[] | undefined;
  readonly isProduct: (item: string) => boolean;
}

interface Report {
  readonly kind: string | null;
  /** When the operation began, ISO 8601; null where nobody has told. */
  readonly began: string | null;
  /** When the operation ended: the bill of material in force then is what counts. */
  readonly moment: string;
  /** What the report says its lots are, by lot. */
  readonly named: ReadonlyMap<string, string>;
}

/** The rules of one report, with everything they need to look at. */
export function assess(known: Knowledge, { kind, began, moment, named }: Report): Assess {
  return {
    inputs: (inputs) =>
      inputViolations(
        inputs.map(({ lot, serials }) => {
          const { status, item, heldBy } = known.lot(lot);
          return { lot, status, item, heldBy: heldBy(serials) };
        }),
      ),
    outputs: (outputs) =>
      [...new Set(outputs.map(({ lot }) => lot))].flatMap((lot) => outputViolations(known, lot, named)),
    balance: ({ inputs, outputs, scrap }) => {
      const strange: Violation[] = [];
      const counted = (flow: OperationOutput) => count(known, flow, strange);
      const material = {
        kind,
        inputs: inputs.map((input) => ({ edge: input.edge, ...counted(input) })),
        outputs: outputs.map(counted),
        scrap: scrap.map(counted),
      };
      const found = imbalances(material, (item) => billOf(known, item, moment, strange));
      return [...strange, ...found];
    },
    real: known.real,
    lasts: (told) => lasts(known, told, began),
    knownLate: (inputs) =>
      inputViolations(
        inputs.map(({ lot, serials }) => {
          const { status, item, heldBy, heldUnknown } = known.lot(lot);
          // What lay on the placeholder was judged when it was used: it was told then, or came later.
          const before = heldUnknown(serials);
          return { lot, status, item, heldBy: heldBy(serials).filter((hold) => !before.includes(hold)) };
        }),
      ),
  };
}

/** What tells of our knowledge goes when we know; what was so when it happened stays, whatever came after. */
function lasts({ lot: of, isProduct }: Knowledge, { code, lot }: Violation, began: string | null): boolean {
  if (lot === null) return true;
  const { status, item, acceptedAt } = of(lot);
  switch (code) {
    case 'lot-unknown':
      return status === 'unknown';
    case 'product-unknown':
      return item === null || !isProduct(item);
    case 'material-not-accepted':
      // Accepted before it was used, only not heard of in that order.
      return acceptedAt === null || began === null || acceptedAt > began;
    default:
      return true;
  }
}

function outputViolations({ lot: of, isProduct }: Knowledge, lot: string, named: Report['named']): Violation[] {
  const { status, item } = of(lot);
  const product = named.get(lot);
  if (status === 'unknown' && item === null) return [{ code: 'lot-unknown', lot, detail: 'output' }];
  const found: Violation[] = [];
  if (product !== undefined && item !== null && product !== item)
    found.push({ code: 'output-product-other', lot, detail: `declared ${item}, reported ${product}` });
  if (item !== null && status === 'made' && !isProduct(item))
    found.push({ code: 'product-unknown', lot, detail: item });
  return found;
}

/** A flow in the unit of its item; one that cannot be converted counts nowhere, and is said. */
function count({ lot, unitOf }: Knowledge, flow: OperationOutput, strange: Violation[]): Counted {
  const { item } = lot(flow.lot);
  const unit = item === null ? undefined : unitOf(item);
  if (unit === undefined) return { item, quantity: flow.quantity };
  const quantity = inUnit(flow.quantity, unit);
  if (quantity) return { item, quantity };
  const detail = `${flow.quantity.value} ${flow.quantity.unit} of ${String(item)}, counted in ${unit}`;
  strange.push({ code: 'unit-not-convertible', lot: flow.lot, detail });
  return { item: null, quantity: flow.quantity };
}

function billOf({ bomOf, unitOf }: Knowledge, item: string, moment: string, strange: Violation[]) {
  return bomOf(item, moment)?.flatMap((line): BomLine[] => {
    const unit = unitOf(line.item) ?? line.unit;
    const per = inUnit({ value: line.quantityPer, unit: line.unit }, unit);
    if (per) return [{ ...line, quantityPer: per.value, unit }];
    strange.push({ code: 'unit-not-convertible', lot: null, detail: `${line.item} of ${item}: ${line.unit}, ${unit}` });
    return [];
  });
}
