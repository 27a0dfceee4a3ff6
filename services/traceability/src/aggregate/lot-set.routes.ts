import { z } from 'zod';
import type { SourceOffset } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { lotsNamed } from '../graph/names.client.ts';
import type { Limits } from '../graph/questions.ts';
import type { Replica } from '../graph/replica.client.ts';
import { LotName } from '../graph/schemas.routes.ts';
import { assertFound, rootsFrom } from '../roots/read-roots.client.ts';
import { RootsBody } from '../roots/schemas.routes.ts';
import type { LotSet } from './lot-set.ts';

const roots = {
  roots: RootsBody,
  direction: z.enum(['forward', 'backward', 'siblings']).default('forward'),
  hops: z.number().int().min(1).max(1000).optional().meta({ description: 'Operations from a root; all if left out' }),
};

/** A scope: what the roots affect, or a trace that was asked for before. */
export const ScopeBody = z.union([
  z.strictObject(roots),
  z.strictObject({ trace: z.string().min(1).max(200).meta({ description: 'Handle of POST /traces' }) }),
]);

/** A set of lots: these, those of a scope, or all that there are. */
export const LotSetBody = z.union([
  z.strictObject({ lots: z.array(LotName).min(1).max(10_000) }),
  ...ScopeBody.options,
  z.strictObject({ all: z.literal(true) }),
]);

export interface Scoped {
  readonly trace: string;
  readonly limits: Limits;
}

/** Throws `lot-unknown`, `roots-unknown`, `lot-ambiguous`, `not-caught-up`, `trace-not-kept`. */
export async function scopeOf(
  replica: Replica,
  asked: z.output<typeof ScopeBody>,
  minOffsets: readonly SourceOffset[],
): Promise<Scoped> {
  if ('trace' in asked) return { trace: asked.trace, limits: await limitsOf(replica, asked.trace, minOffsets) };
  const { roots: told, direction, hops } = asked;
  const roots = rootsFrom(told);
  const question = { roots, direction, first: 0, skipUnknown: false, ...(hops !== undefined && { hops }) };
  const { found, answer } = await replica.ask('traceFrom', question, { minOffsets });
  if (answer === null) {
    assertFound(roots, found);
    throw new Error('nothing was traced though every root is known');
  }
  const { trace, offsets, complete, gaps } = answer;
  return { trace, limits: { offsets, complete, gaps } };
}

/**
 * How far a kept trace goes: as far as the graph did when it was found, however far that is by now. Throws
 * `trace-not-kept`.
 */
export async function limitsOf(replica: Replica, trace: string, minOffsets: readonly SourceOffset[]): Promise<Limits> {
  const limits = await replica.ask('traceLimits', { trace }, { minOffsets });
  if (!limits) throw new Rejected('trace-not-kept', { trace });
  return limits;
}

/** Throws what `scopeOf` throws. */
export async function lotSetOf(
  replica: Replica,
  asked: z.output<typeof LotSetBody>,
  minOffsets: readonly SourceOffset[],
): Promise<{ readonly set: LotSet; readonly limits: Limits }> {
  if ('lots' in asked) {
    const limits = await replica.ask('limits', null, { minOffsets });
    return { set: { kind: 'lots', lots: [...new Set(await lotsNamed(replica, asked.lots))] }, limits };
  }
  if ('all' in asked) return { set: { kind: 'all' }, limits: await replica.ask('limits', null, { minOffsets }) };
  const { trace, limits } = await scopeOf(replica, asked, minOffsets);
  return { set: { kind: 'trace', trace }, limits };
}
