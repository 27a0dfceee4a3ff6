import type { Characteristic, EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';

export type PartEvent = EventOf<'receiving.part.v1'>;

interface PartRevision {
  readonly revision: string;
  readonly name: string;
  readonly unit: string;
  readonly validFrom: string;
  readonly characteristics: readonly Characteristic[];
}

/** A purchased part with all its specification revisions, newest validity last. */
export interface Part {
  readonly part: string;
  readonly revisions: readonly PartRevision[];
}

export const UNKNOWN_PART: Part = { part: '', revisions: [] };

export function evolve(part: Part, event: PartEvent): Part {
  const { revision, name, unit, validFrom, characteristics } = event;
  const revisions = [...part.revisions, { revision, name, unit, validFrom, characteristics }];
  return { part: event.part, revisions: revisions.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1)) };
}

/** A revision, once specified, stands: a change is a new revision (ISO 13485:2016 7.4.2). */
export function specifyPart(part: Part, asked: { part: string } & PartRevision): PartEvent[] {
  const known = part.revisions.find((r) => r.revision === asked.revision);
  if (known) throw new Rejected('part-revision-already-specified', { part: asked.part, revision: asked.revision });
  if (part.revisions.some((r) => r.unit !== asked.unit)) throw new Rejected('part-unit-fixed', { part: asked.part });
  return [{ type: 'PartSpecified', ...asked }];
}

/** The revision in force at a moment; throws `part-unknown` or `part-not-in-force`. */
export function revisionInForce(part: Part, moment: string): PartRevision {
  if (part.revisions.length === 0) throw new Rejected('part-unknown');
  const inForce = part.revisions.findLast((r) => r.validFrom <= moment);
  if (!inForce) throw new Rejected('part-not-in-force', { part: part.part, moment });
  return inForce;
}
