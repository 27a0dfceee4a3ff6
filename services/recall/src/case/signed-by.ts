import type { ToShow } from '@lotwarden/platform/signature';
import type { HoldRelease } from '../hold/hold.ts';
import { releasedRecord } from '../hold/release-lots.ts';
import type { Closure, OpenedCase } from './case.ts';
import { closeRecord } from './close-case.ts';
import { launchRecord } from './launch-case.ts';

/** Whoever signed a case: who launched and who closed it, each with what would be signed today. */
export function signedBy(recall: OpenedCase): ToShow[] {
  const { case: id, launch, closure } = recall;
  return [
    ...(launch ? [{ signature: launch.signature, now: launchRecord(recall, id, launch) }] : []),
    ...(closure ? [{ signature: closure.signature, now: closedRecord(id, closure) }] : []),
  ];
}

const closedRecord = (id: string, closure: Closure) =>
  closure.extended ? undefined : closeRecord(id, closure, closure.explanation);

/** Both who let lots go. Once one of these is held again, it is another hold than the one that they looked at. */
export function releasedBy(release: HoldRelease, isHeld: (lot: string) => boolean): ToShow[] {
  const now = release.lots.some(isHeld) ? undefined : releasedRecord(release);
  return release.signatures.map((signature) => ({ signature, now }));
}
