import { PRODUCT, serials } from '../cast.ts';
import { eventually } from '../eventually.ts';
import { columns } from '../layout.ts';
import type { Step } from '../narrator.ts';
import {
  comparisonShown,
  completenessShown,
  daysLate,
  timelineShown,
  traceShown,
  type ComparedScope,
  type Completeness,
  type TimelineEntry,
  type TracedLot,
} from '../shown.ts';
import type { World } from '../world.ts';

/** What a recall manager asks of genealogy before a launch, and after a late fact. */

interface Comparison {
  readonly scopes: readonly ComparedScope[];
  readonly inAll: number;
}
interface Difference {
  readonly items: readonly {
    readonly what: string;
    readonly subject: string;
    readonly change: string;
    readonly because: readonly { readonly type: string; readonly aggregate: string; readonly recordedAt: string }[];
  }[];
}

const ask = (world: World) => world.as['recall.chen'];

interface Trace {
  readonly direction: string;
  readonly lots: { readonly items: readonly TracedLot[] };
  readonly custodians: number;
}

/** What L-1042 affects, what went into one unit, and what came from one machine in two hours. */
export async function traces(world: World, { check, show }: Step): Promise<void> {
  const trace = async (question: string, direction: string, root: unknown): Promise<Trace> => {
    const began = performance.now();
    const found = await ask(world).post<Trace>('traceability/traces', { direction, roots: [root] });
    const took = `${(performance.now() - began).toFixed(0)} ms`;
    show(`${question} (${direction}, ${took})`, traceShown({ direction, lots: found.lots.items }, world.name));
    return found;
  };
  const names = ({ lots }: Trace) => lots.items.map(({ lot }) => world.name(lot)).sort();
  const forward = await trace('What does L-1042 affect?', 'forward', world.lot('L-1042'));
  check('lots', names(forward), ['B1', 'B3', 'F1', 'F2', 'F2b', 'F3', 'F4', 'L-1042']);
  check('custodians', forward.custodians, 3);
  const back = await trace('What went into pump IP000100?', 'backward', { serials: serials(100, 100) });
  check('lots', names(back), ['B1', 'B2', 'F2', 'F2b', 'HSG-5', 'L-1042', 'L-1043', 'PCB-77']);
  check('how sure', [...new Set(back.lots.items.map(({ certainty }) => certainty))], ['scanned']);
  const period = { from: world.moment(18, '01:00'), to: world.moment(18, '03:00') };
  const question = 'What did machine SMT-1 make that day from 01:00 to 03:00 UTC, and what became of it?';
  const made = await trace(question, 'forward', { operationsWhere: { equipment: 'SMT-1', ...period } });
  check('lots', names(made), ['B1', 'F1', 'F2', 'F2b', 'F4']);
  check('custodians', made.custodians, 2);
}

/** The whole supplier lot, or only the boards of one plant: what would each mean? */
export async function compareScopes(world: World, { check, show }: Step): Promise<void> {
  const asked = () =>
    ask(world).post<Comparison>('traceability/scopes/compare', {
      scopes: [
        { name: 'all of L-1042', roots: [world.lot('L-1042')] },
        { name: 'only boards B1', roots: [world.lot('B1')] },
      ],
    });
  const pumpsOf = ({ products }: ComparedScope) => products.find(({ item }) => item === PRODUCT);
  const onHand = ({ scopes }: Comparison) => scopes.map((scope) => pumpsOf(scope)?.onHand.value).join();
  const { scopes, inAll } = await eventually('the stock to be counted', asked, (now) => onHand(now) === '92,77', 10_000)
    .catch(asked); // prettier-ignore
  show('Which scope to recall?', comparisonShown(scopes, PRODUCT));
  const expected = [
    { size: { lots: 8, onlyHere: 3, custodians: 3 }, pumps: ['92', '76', '1'] },
    { size: { lots: 5, onlyHere: 0, custodians: 2 }, pumps: ['77', '41', '1'] },
  ] as const;
  const seen = scopes.map((scope) => {
    const { lots, onlyHere, custodians } = scope;
    const pumps = pumpsOf(scope);
    const counted = [pumps?.onHand.value, pumps?.atCustodian.value, pumps?.used.value];
    return { size: { lots, onlyHere, custodians }, pumps: counted };
  });
  check('counted', seen, expected, 'as it was played');
  check('lots in both', inAll, 5);
}

/** When it happened, when we knew, and who said so. */
export async function timelineOf(world: World, name: string, { check, show }: Step): Promise<void> {
  const { items } = await eventually(
    `the timeline of ${name}`,
    () =>
      ask(world).get<{ items: TimelineEntry[] }>(
        `traceability/lots/${world.lot(name)}/timeline?order=recorded&limit=200`,
      ),
    (found) =>
      found.items.some(({ type }) => type === 'OperationInputAdded') &&
      found.items.some(({ type }) => type === 'recorded-late'),
  );
  const title = `Timeline of ${name}; the story tells three weeks in a minute, so nearly everything is heard late`;
  show(title, timelineShown(items));
  const late = items.find(({ type }) => type === 'OperationInputAdded');
  check('told by', late?.actor, 'MES-SZ1:op.qian');
  check('days late', late && daysLate(late), 16);
}

/** What did we know when we decided? */
export async function sinceThen(world: World, then: string, { check, show }: Step): Promise<void> {
  const { items } = await eventually(
    'the difference since the launch',
    () => ask(world).post<Difference>('traceability/scope-differences', { roots: [world.lot('L-1042')], from: then }),
    (found) => found.items.some(({ what }) => what === 'lot'),
  );
  const came = items.filter(({ what, change }) => what === 'lot' && change === 'came');
  show(
    `The scope of L-1042 now, compared with what was known at ${then.slice(11, 19)} UTC`,
    columns(
      came.map(({ subject, change, because: [first, ...more] }) => [
        `${change}: ${world.name(subject)}`,
        first ? `because of ${first.type} of ${first.aggregate}, recorded ${first.recordedAt.slice(11, 19)} UTC` : '',
        more.length > 0 ? `and ${String(more.length)} more` : '',
      ]),
    ),
  );
  check('lots that came since', came.map(({ subject }) => world.name(subject)).sort(), ['B5', 'F5']);
}

/** What stands between every answer and certainty. */
export async function completeness(world: World, gaps: readonly string[], { check, show }: Step): Promise<void> {
  const found = await eventually(
    'the statement of completeness',
    () => ask(world).get<Completeness>('traceability/watermarks'),
    (now) => now.gaps.length === gaps.length,
  );
  show('How complete are the answers?', completenessShown(found));
  check('every answer says so', [found.complete, found.gaps], [gaps.length === 0, gaps], 'yes');
}
