import type { Codec } from '@lotwarden/contracts/codec';
import type { EventOf } from '@lotwarden/contracts/events';
import type { Facts } from '../facts/facts.store.ts';

const SCOPE = 'traceability.scope.v1';

export type ScopeChanged = Extract<EventOf<typeof SCOPE>, { type: 'ScopeChanged' }>;

export interface Said {
  readonly event: ScopeChanged;
  readonly recordedAt: string;
}

/** Everything that a standing question ever said, in the order of its sequence. */
export async function saidOf(facts: Facts, codec: Pick<Codec, 'decode'>, question: string): Promise<Said[]> {
  const filter = { _id: { $gte: `${SCOPE}|${question}|`, $lt: `${SCOPE}|${question}|:` } };
  const said: Said[] = [];
  for await (const { aggregate, value, recordedAt } of facts.find(filter, { promoteBuffers: true })) {
    if (aggregate !== question) continue;
    const event = codec.decode(SCOPE, Buffer.from(value));
    if (event.type === 'ScopeChanged') said.push({ event, recordedAt });
  }
  return said.sort((a, b) => a.event.sequence - b.event.sequence);
}
