import type { InFlight, SourceOffset } from '@lotwarden/contracts/events';
import type { GateWord } from './epoch.ts';

interface About {
  readonly hold: string;
  readonly case: string;
  readonly gate: string;
  readonly incarnation: string;
  readonly epoch: number;
  readonly at: string;
}

/** The gate holds what this epoch's manifest names; an epoch covers all before it. */
export function acknowledged(
  known: GateWord | undefined,
  said: About & { readonly count: number; readonly digest: string; readonly inFlight: readonly InFlight[] },
): GateWord {
  const before = inThisLife(known, said);
  if (before.epoch >= said.epoch) return before;
  const { epoch, count, digest, at, inFlight } = said;
  return { ...before, epoch, count, digest, at, inFlight };
}

/** What the gate had heard before it froze is handled and published, up to these places. */
export function drained(
  known: GateWord | undefined,
  said: About & { readonly offsets: readonly SourceOffset[] },
): GateWord {
  const before = inThisLife(known, said);
  return before.drained >= said.epoch ? before : { ...before, drained: said.epoch, offsets: said.offsets };
}

/** What a former life of the gate's database said is void. */
function inThisLife(known: GateWord | undefined, { hold, case: recall, gate, incarnation, at }: About): GateWord {
  if (known?.incarnation === incarnation) return known;
  return {
    hold,
    case: recall,
    gate,
    incarnation,
    epoch: 0,
    count: 0,
    digest: '',
    at,
    inFlight: [],
    drained: 0,
    offsets: [],
  };
}
