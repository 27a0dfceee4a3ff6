import type { Signature } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';
import { opened, type Case, type CaseEvent, type RecallClass } from './case.ts';

export interface LaunchCase {
  readonly recallClass: RecallClass;
  readonly instructions: string;
  readonly instructionsZh: string;
}

/**
 * What is signed to launch. The scope is not part of it: it goes on growing by itself, and a launch must not have to
 * wait for it to stand still.
 */
export function launchRecord(state: Case, recall: string, asked: LaunchCase): SignedRecord {
  const { case: id, hold, title, reason, roots } = opened(state, recall);
  const { recallClass, instructions, instructionsZh } = asked;
  return signable('recall-launch', id, 1, {
    case: id,
    hold,
    title,
    reason,
    roots,
    recallClass,
    instructions,
    instructionsZh,
  });
}

/** Class I, II or III (Order 29, 21 CFR 7.41). Launching twice with the same content changes nothing. */
export function launchCase(
  state: Case,
  recall: string,
  { signature, ...asked }: LaunchCase & { readonly signature: Signature },
): CaseEvent[] {
  const { status, launch } = opened(state, recall);
  if (status === 'closed') throw new Rejected('recall-case-closed', { case: recall });
  if (launch) {
    if (launch.signature.jws === signature.jws) return [];
    throw new Rejected('recall-case-already-launched', { case: recall });
  }
  return [{ type: 'RecallLaunched', case: recall, ...asked, signature }];
}
