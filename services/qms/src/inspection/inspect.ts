import type { Characteristic, CharacteristicResult, Signature, Violation } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';
import { signable, type SignedRecord } from '@lotwarden/platform/signature';
import { evolve, inspectionId, type Inspection, type InspectionEvent, type Stage } from './inspection.ts';
import { judge, summary, type Measured } from './judge-result.ts';

interface Opening {
  readonly lot: string;
  readonly stage: Stage;
  readonly characteristics: readonly Characteristic[];
}

/** Opens the inspection of a lot and judges what the laboratory has said already. Opened twice changes nothing. */
export function openInspection(known: Inspection, { lot, stage, characteristics }: Opening): InspectionEvent[] {
  if (known.status !== 'awaited') return [];
  const opened: InspectionEvent = {
    type: 'InspectionOpened',
    inspection: inspectionId(lot, stage),
    lot,
    stage,
    characteristics,
  };
  return [opened, ...decideIfComplete(evolve(known, opened))];
}

/**
 * Keeps a laboratory's result, whatever it is (a fact is never refused), and decides when every characteristic has
 * one. A result after the decision, or of something nobody specified, is kept with a violation. The same value of the
 * same sample again says nothing new: it is heard twice when the database was restored, or under two names of the lot.
 */
export function recordResult(
  known: Inspection,
  { lot, stage, sample, ...measured }: Measured & { lot: string; stage: Stage; sample: string },
): InspectionEvent[] {
  const told = known.results.some((r) => r.sample === sample && sameMeasurement(r.result, measured));
  if (told) return [];
  const specified = known.characteristics.find((c) => c.code === measured.characteristic);
  const result = judge(specified, measured);
  const recorded: InspectionEvent = {
    type: 'InspectionResultRecorded',
    inspection: inspectionId(lot, stage),
    lot,
    sample,
    result,
    violations: resultViolations(known, specified, result, lot),
  };
  const after = evolve(known, recorded);
  return [recorded, ...(known.status === 'open' ? decideIfComplete(after) : [])];
}

const sameMeasurement = (a: CharacteristicResult, b: Measured): boolean =>
  a.characteristic === b.characteristic && a.value === b.value && a.unit === b.unit;

interface Decision {
  readonly verdict: 'accept' | 'reject';
}

/** What is signed when a person decides: if a result comes meanwhile, somebody has to look again (21 CFR 11.70). */
export const decisionRecord = (
  { inspection, lot, stage, results }: Inspection,
  { verdict }: Decision,
  version: number,
): SignedRecord => signable('inspection-decision', inspection, version, { inspection, lot, stage, verdict, results });

/** A person decides where results alone do not, with a signature that says why. */
export function decideByPerson(
  known: Inspection,
  { verdict, signature }: Decision & { readonly signature: Signature },
): InspectionEvent[] {
  if (known.status === 'awaited') throw new Rejected('inspection-unknown');
  if (known.status === 'decided') {
    if (known.verdict === verdict) return [];
    throw new Rejected('inspection-already-decided', { inspection: known.inspection, verdict: known.verdict });
  }
  const results = summary(
    known.characteristics,
    known.results.map((r) => r.result),
  );
  if (verdict === 'accept' && results.some((r) => r.verdict !== 'pass'))
    throw new Rejected('inspection-not-passed', { open: results.filter((r) => r.verdict !== 'pass') });
  return [{ ...decided(known, verdict, signature.reason, results), signature }];
}

function decideIfComplete(open: Inspection): InspectionEvent[] {
  const results = summary(
    open.characteristics,
    open.results.map((r) => r.result),
  );
  const complete = results.length > 0 && results.every((r) => r.verdict !== 'missing');
  if (!complete) return [];
  const failed = results.filter((r) => r.verdict === 'fail').map((r) => r.characteristic);
  return failed.length === 0
    ? [decided(open, 'accept', 'all results within limits', results)]
    : [decided(open, 'reject', `out of limits: ${failed.join(', ')}`, results)];
}

const decided = (
  { inspection, lot, stage }: Inspection,
  verdict: 'accept' | 'reject',
  reason: string,
  results: readonly CharacteristicResult[],
): Extract<InspectionEvent, { type: 'InspectionDecided' }> => ({
  type: 'InspectionDecided',
  inspection,
  lot,
  stage,
  verdict,
  reason,
  results,
  signature: null,
});

function resultViolations(
  known: Inspection,
  specified: Characteristic | undefined,
  result: CharacteristicResult,
  lot: string,
): Violation[] {
  if (known.status === 'awaited') return [];
  const { characteristic, verdict } = result;
  if (!specified) return [{ code: 'characteristic-not-specified', lot, detail: characteristic }];
  const late = known.status === 'decided' && known.verdict === 'accept' && verdict === 'fail';
  return late ? [{ code: 'result-against-decision', lot, detail: characteristic }] : [];
}
