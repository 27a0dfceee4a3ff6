import type { Codec } from '@lotwarden/contracts/codec';
import type { Clock } from '@lotwarden/platform/clock';
import { Rejected } from '@lotwarden/platform/errors';
import { decodeCursor, encodeCursor, ok, pageOf, pageQuery, route, table } from '@lotwarden/platform/http';
import { Code, Instant, Moment } from '@lotwarden/platform/http-schemas';
import { z } from 'zod';
import type { Written } from '../facts/caught-up.store.ts';
import type { ReadFactLimits } from '../facts/fact-limits.store.ts';
import type { Facts } from '../facts/facts.store.ts';
import { subject } from '../facts/subjects.ts';
import type { Replica } from '../graph/replica.client.ts';
import { limits, MinOffsets, ScopeCustodian, ScopeLot } from '../graph/schemas.routes.ts';
import { assertFound, ROOT_ERRORS, rootsFrom } from '../roots/read-roots.client.ts';
import { RootFoundView, RootsBody } from '../roots/schemas.routes.ts';
import { limitsThen } from './limits-then.ts';
import type { AsOf } from './as-of.store.ts';
import { differenceOf, totalsOf } from './difference.ts';
import { saidOf } from './said.store.ts';

const CitedView = z
  .object({
    topic: z.string(),
    aggregate: z.string(),
    version: z.number().int(),
    type: z.string(),
    id: z.string(),
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'CitedFact', description: 'A fact, and when it was recorded' });

const recordedLater = z
  .object({ total: z.number().int(), first: z.array(CitedView) })
  .meta({ description: 'What had occurred by then and was only recorded later: the answer lacked it' });

const ThenView = z
  .object({
    roots: z.array(RootFoundView).meta({ description: 'What each root was known to mean then' }),
    direction: z.string(),
    asOf: Instant,
    totalLots: z.number().int(),
    byCertainty: z.record(z.string(), z.number().int()),
    lots: z.array(ScopeLot),
    custodians: z.array(ScopeCustodian),
    recordedLater,
    ...limits,
  })
  .meta({ id: 'TraceThen', description: 'What a trace would have said at a moment in the past' });

const Then = z
  .union([Moment, z.object({ question: Code, sequence: z.number().int().min(0) })])
  .meta({ description: 'A moment, or when a standing question had said so much' });

const Known = z.record(z.string(), z.unknown()).nullable();
const ChangeView = z
  .object({
    what: z.enum(['lot', 'link', 'custodian', 'gap']),
    subject: z.string(),
    change: z.enum(['came', 'went', 'changed']),
    of: z.array(z.string()).meta({ description: 'What of it changed' }),
    before: Known,
    after: Known,
    because: z.array(CitedView).meta({ description: 'Facts recorded in between that are about it; the first 20' }),
    becauseTotal: z.number().int(),
  })
  .meta({ id: 'ScopeChange' });

const DifferenceView = z.object({
  ...pageOf(ChangeView).shape,
  rootsBefore: z.array(RootFoundView).meta({ description: 'What each root was known to mean at the first moment' }),
  rootsAfter: z.array(RootFoundView).meta({ description: 'And at the second' }),
  from: Instant,
  to: Instant,
  total: z.number().int(),
  totals: z.record(z.string(), z.number().int()).meta({ description: 'How many of each: `lots came`' }),
  ...limits,
});

interface Needs {
  readonly replica: Replica;
  readonly asOf: AsOf;
  readonly written: Written;
  readonly factLimits: ReadFactLimits;
  readonly facts: Facts;
  readonly codec: Pick<Codec, 'decode'>;
  readonly clock: Pick<Clock, 'instant'>;
  /** Lots and operations that roots may mean. */
  readonly most: number;
}

type Moments = z.output<typeof Then>;

const starts = {
  roots: RootsBody,
  skipUnknown: z
    .boolean()
    .default(false)
    .meta({ description: 'Leave out roots that nobody knows, even now, and name them in the answer' }),
  minOffsets: MinOffsets.default([]),
};

interface Asked {
  readonly body: z.output<z.ZodObject<typeof starts>>;
  readonly signal: AbortSignal;
}

const direction = z.enum(['forward', 'backward']).default('forward');
/** Facts recorded later that are named; how many there are is told besides. */
const LATER_NAMED = 200;

export const asOfRoutes = ({ replica, asOf, written, factLimits, facts, codec, clock, most }: Needs) => {
  const momentOf = async (then: Moments): Promise<string> => {
    if (typeof then === 'string') return then;
    const { question, sequence } = then;
    const said = await saidOf(facts, codec, question);
    const found = said.find(({ event }) => event.sequence === sequence);
    if (!found) throw new Rejected('sequence-unknown', { question, sequence, last: said.at(-1)?.event.sequence ?? 0 });
    return found.recordedAt;
  };

  /** Roots that somebody knows, and what they mean now. */
  const known = async ({ body: { roots: told, skipUnknown, minOffsets }, signal }: Asked) => {
    const roots = rootsFrom(told);
    const now = await replica.ask('meant', { roots, limit: most }, { minOffsets, signal });
    if (!now) throw new Rejected('past-too-large', { limit: most });
    // A name may be ambiguous only since: what it was then the facts say.
    if (!skipUnknown) assertFound(roots, now.found.map((one) => (one.is === 'ambiguous' ? { ...one, is: 'known' } : one))); // prettier-ignore
    const subjects = [
      ...now.lots.map((lot) => subject('lot', lot)),
      ...now.operations.map((operation) => subject('operation', operation)),
    ];
    await written.until(minOffsets, signal);
    return { roots, subjects };
  };

  return [
    route({
      method: 'post',
      path: '/traces/as-of',
      requires: 'trace.read',
      summary: {
        en: 'What a trace would have said at a moment: from what had been recorded by then',
        zh: '按历史时刻追溯:仅用当时已记录的事实',
      },
      body: z.object({
        ...starts,
        direction,
        asOf: Moment,
      }),
      reply: { 200: ThenView },
      csv: table(ScopeLot, { list: 'lots' }),
      errors: [...ROOT_ERRORS, 'past-too-large', 'not-caught-up', 'graph-busy', 'graph-unavailable'],
      handle: async ({ body, signal }) => {
        const { roots, subjects } = await known({ body, signal });
        const now = await factLimits();
        const { lots, custodians, found, gaps } = await asOf.scope(roots, body.direction, body.asOf);
        // What a root means now and did not mean then may be because of facts that were told later, too.
        const about = new Set([...lots.map(({ lot }) => subject('lot', lot)), ...subjects]);
        const later = await asOf.recordedLater([...about], body.asOf, LATER_NAMED);
        const byCertainty = Object.fromEntries(
          [...Map.groupBy(lots, ({ certainty }) => certainty)].map(([certainty, all]) => [certainty, all.length]),
        );
        return ok({
          roots: found,
          direction: body.direction,
          asOf: body.asOf,
          totalLots: lots.length,
          byCertainty,
          lots,
          custodians,
          recordedLater: { total: later.total, first: later.first },
          ...limitsThen(now, gaps, later.total),
        });
      },
    }),
    route({
      method: 'post',
      path: '/scope-differences',
      requires: 'trace.read',
      summary: {
        en: 'What did we know when we decided? What came, went or changed between two moments, and the facts that brought it',
        zh: '决策时我们知道什么?两个时刻之间范围的增减变化及其依据',
      },
      body: z.object({
        ...starts,
        direction,
        from: Then,
        to: Then.optional().meta({ description: 'Now if absent' }),
        ...pageQuery,
      }),
      reply: { 200: DifferenceView },
      csv: table(ChangeView),
      errors: [
        'lot-unknown',
        'roots-unknown',
        'past-too-large',
        'moments-out-of-order',
        'sequence-unknown',
        'not-caught-up',
        'graph-busy',
        'graph-unavailable',
      ],
      handle: async ({ body, signal }) => {
        const { roots } = await known({ body, signal });
        const now = await factLimits();
        const [first = '0', asked] = body.cursor === undefined ? [] : decodeCursor(body.cursor).split(' ');
        const from = await momentOf(body.from);
        // A page after the first is of the same two moments.
        const to = asked ?? (body.to === undefined ? clock.instant() : await momentOf(body.to));
        if (from > to) throw new Rejected('moments-out-of-order', { from, to });
        const before = await asOf.scope(roots, body.direction, from);
        const after = await asOf.scope(roots, body.direction, to);
        const all = [...before.past.cited, ...after.past.cited].map(([, fact]) => fact);
        const between = [...new Map(all.map((fact) => [fact.id, fact])).values()].filter(
          ({ recordedAt }) => recordedAt > from && recordedAt <= to,
        );
        const changes = differenceOf(before, after, between);
        const at = Number(first);
        if (!Number.isSafeInteger(at) || at < 0) throw new Rejected('cursor-invalid');
        const end = at + body.limit;
        return ok({
          items: changes.slice(at, end),
          next: end < changes.length ? encodeCursor(`${String(end)} ${to}`) : null,
          rootsBefore: before.found,
          rootsAfter: after.found,
          from,
          to,
          total: changes.length,
          totals: totalsOf(changes),
          ...limitsThen(now, after.gaps, 0),
        });
      },
    }),
  ];
};
