import { serials } from '../cast.ts';
import type { Check } from '../narrator.ts';
import { eventually } from '../eventually.ts';
import type { World } from '../world.ts';

/** What a recall manager asks of genealogy before a launch, and after a late fact. */

interface Limits {
  readonly offsets: readonly unknown[];
  readonly complete: boolean;
  readonly gaps: readonly string[];
}
interface Product {
  readonly item: string | null;
  readonly onHand: { readonly value: string };
  readonly atCustodian: { readonly value: string };
  readonly used: { readonly value: string };
  readonly supply: { readonly daysLeft: string | null } | null;
}
interface Comparison extends Limits {
  readonly scopes: readonly {
    readonly name: string;
    readonly lots: number;
    readonly onlyHere: number;
    readonly custodians: number;
    readonly products: readonly Product[];
  }[];
  readonly inAll: number;
}
interface Entry {
  readonly entry: 'event' | 'finding';
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly source: { readonly system: string };
}
interface Difference {
  readonly items: readonly { readonly what: string; readonly subject: string; readonly change: string }[];
}

interface Telling {
  readonly check: Check;
  readonly tell: (fact: string) => void;
}

const ask = (world: World) => world.as['recall.chen'];

interface Trace extends Limits {
  readonly lots: { readonly items: readonly { readonly lot: string; readonly certainty: string }[] };
  readonly custodians: number;
}

/** All that went into one unit, and all that came from one machine in two hours. */
export async function traces(world: World, { check, tell }: Telling): Promise<void> {
  const trace = async (direction: string, root: object): Promise<Trace> => {
    const began = performance.now();
    const found = await ask(world).post<Trace>('traceability/traces', { direction, roots: [root] });
    tell(`${direction} in ${(performance.now() - began).toFixed(0)} ms`);
    return found;
  };
  const names = ({ lots }: Trace) => lots.items.map(({ lot }) => world.name(lot)).sort();
  const back = await trace('backward', { serials: serials(100, 100) });
  check('back from unit IP000100', names(back), ['B1', 'B2', 'F2', 'F2b', 'HSG-5', 'L-1042', 'L-1043', 'PCB-77']);
  check('how sure', [...new Set(back.lots.items.map(({ certainty }) => certainty))], ['scanned']);
  const period = { from: world.moment(18, '01:00'), to: world.moment(18, '03:00') };
  const made = await trace('forward', { operationsWhere: { equipment: 'SMT-1', ...period } });
  check('from SMT-1 in these two hours', names(made), ['B1', 'F1', 'F2', 'F2b', 'F4']);
  check('custodians of it', made.custodians, 2);
}

/** The whole supplier lot, or only the boards of one plant: what would each mean? */
export async function compareScopes(world: World, { check, tell }: Telling): Promise<void> {
  const asked = () =>
    ask(world).post<Comparison>('traceability/scopes/compare', {
      scopes: [
        { name: 'L-1042', roots: [world.lot('L-1042')] },
        { name: 'B1 only', roots: [world.lot('B1')] },
      ],
    });
  const onHand = ({ scopes }: Comparison) =>
    scopes.map(({ products }) => products.find(({ item }) => item === 'IP-200')?.onHand.value).join();
  const { scopes, inAll } = await eventually('the stock to be counted', asked, (now) => onHand(now) === '92,77', 10_000)
    .catch(asked); // prettier-ignore
  const sizes = scopes.map(({ name, lots, onlyHere, custodians, products }) => {
    const pumps = products.find(({ item }) => item === 'IP-200');
    return { name, size: { lots, onlyHere, custodians }, pumps };
  });
  const expected = [
    { size: { lots: 8, onlyHere: 3, custodians: 3 }, pumps: ['92', '76', '1'] },
    { size: { lots: 5, onlyHere: 0, custodians: 2 }, pumps: ['77', '41', '1'] },
  ] as const;
  for (const [at, { name, size, pumps }] of sizes.entries()) {
    check(name, size, expected[at]?.size);
    const counted = [pumps?.onHand.value, pumps?.atCustodian.value, pumps?.used.value];
    check('its pumps on hand, at custodians, used', counted, expected[at]?.pumps);
  }
  check('lots in both', inAll, 5);
  tell(`pumps that are not affected last ${sizes[0]?.pumps?.supply?.daysLeft ?? 'how many'} days`);
}

/** When it happened, when we knew, and who said so. */
export async function timelineOf(world: World, name: string, { check, tell }: Telling): Promise<void> {
  const { items } = await eventually(
    `the timeline of ${name}`,
    () => ask(world).get<{ items: Entry[] }>(`traceability/lots/${world.lot(name)}/timeline?order=recorded&limit=200`),
    (found) => found.items.some(({ type }) => type === 'recorded-late'),
  );
  const late = items.find(({ type }) => type === 'OperationInputAdded');
  const days = late ? Math.round((Date.parse(late.recordedAt) - Date.parse(late.occurredAt)) / 86_400_000) : 0;
  check('told by', late?.source.system, 'mes-bridge');
  check('its finding', items.find(({ type }) => type === 'recorded-late')?.type, 'recorded-late');
  check('recorded more than ten days after it occurred', days > 10, true);
  tell(`${String(items.length)} entries, this one ${String(days)} days late`);
}

/** What did we know when we decided? */
export async function sinceThen(world: World, then: string, check: Check): Promise<void> {
  const { items } = await eventually(
    'the difference since the launch',
    () => ask(world).post<Difference>('traceability/scope-differences', { roots: [world.lot('L-1042')], from: then }),
    (found) => found.items.some(({ what }) => what === 'lot'),
  );
  const came = items.filter(({ what, change }) => what === 'lot' && change === 'came');
  check('lots that came since', came.map(({ subject }) => world.name(subject)).sort(), ['B5', 'F5']);
}

/** What stands between every answer and certainty. */
export async function completeness(world: World, gaps: readonly string[], { check, tell }: Telling): Promise<void> {
  const found = await eventually(
    'the statement of completeness',
    () => ask(world).get<Limits>('traceability/watermarks'),
    (now) => now.gaps.length === gaps.length,
  );
  check('complete', [found.complete, found.gaps], [gaps.length === 0, gaps]);
  tell(`as of ${String(found.offsets.length)} offsets`);
}
