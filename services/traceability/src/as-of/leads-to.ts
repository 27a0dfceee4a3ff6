import type { Fact } from '../genealogy/facts.ts';
import { aboutOf } from '../facts/record.ts';
import { subject, subjectsOf, type Subject, type SubjectKind } from '../facts/subjects.ts';

/** Facts that are needed too: all about a subject, or only those of some topics and of some time. */
export interface Want {
  readonly subject: Subject;
  readonly topics?: readonly string[];
  /** Overlapping this time; null is open. */
  readonly span?: { readonly from: string | null; readonly to: string | null };
  /** That occurred in this time; open where an end is left out. */
  readonly occurred?: { readonly from?: string | undefined; readonly to?: string | undefined };
}

/** What has no lot in it and is needed for every answer: kinds of places, bills of materials. */
export const ALWAYS: readonly string[] = ['warehouse.site.v1', 'mes-bridge.product.v1'];

/** What a lot is, and is called. */
export const DECLARATIONS: readonly string[] = ['receiving.material-lot.v1', 'mes-bridge.production-lot.v1'];
const FLOOR = ['mes-bridge.mount.v1', 'mes-bridge.process-load.v1'];
const OPERATIONS = ['mes-bridge.operation.v1'];

/** Everything about a lot; a process load stands in the graph like a lot, under its own id. */
export const aboutLot = (lot: string): Want[] => [{ subject: subject('lot', lot) }, { subject: subject('load', lot) }];

/**
 * What else has to be known for the graph around a lot to be what the whole graph is there, given one fact about it: the
 * rest of its operations and containers, its other names, what was mounted on their machines. Of other lots only which
 * they are: whether they matter is for the question to say.
 *
 * @param own the fact is about a lot around which nothing is left out
 */
export function leadsTo({ topic, event }: Fact, own: boolean): Want[] {
  const named = (...kinds: SubjectKind[]): Want[] =>
    subjectsOf(event)
      .filter((one) => kinds.some((kind) => one.startsWith(`${kind}:`)))
      .map((one) => ({ subject: one }));
  const only = (topics: readonly string[], wants: readonly Want[]): Want[] =>
    wants.map((want) => ({ ...want, topics }));
  switch (topic) {
    // A name stands for a placeholder; under both something may have been told.
    case 'receiving.material-lot.v1':
    case 'mes-bridge.production-lot.v1':
      return own ? named('lot') : only(DECLARATIONS, named('lot'));
    // Of what item a lot is decides whether it was fed from what was mounted.
    case 'mes-bridge.operation.v1':
      return [...named('operation', 'load'), ...only(DECLARATIONS, named('lot')), ...only(FLOOR, named('equipment'))];
    case 'serialization.serial-range.v1':
      return [...named('operation'), ...only(DECLARATIONS, named('lot'))];
    case 'serialization.container.v1':
      return named('container');
    case 'qms.complaint.v1':
      return named('complaint');
    case 'mes-bridge.mount.v1':
      return [...named('mount'), ...only(DECLARATIONS, named('lot')), ...only(FLOOR, named('equipment'))];
    // Several events tell of one transformation or container: inputs, outputs, and that one of them was wrong.
    case 'traceability.epcis.v1':
      return aboutOf(topic, event)
        .filter((one) => one.startsWith('operation:') || one.startsWith('container:'))
        .map((one) => ({ subject: one }));
    case 'mes-bridge.process-load.v1':
      return [...named('load', 'operation'), ...(event.type === 'ProcessLoadVoided' ? [] : servedBy(event))];
    default:
      return [];
  }
}

interface Serving {
  readonly serves: readonly string[];
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** Whatever ran on the machines that a load fed, in its time. */
const servedBy = ({ serves, startedAt, endedAt }: Serving): Want[] =>
  serves.map((machine) => ({
    subject: subject('equipment', machine),
    topics: OPERATIONS,
    span: { from: startedAt, to: endedAt },
  }));

/** Whatever ran on a machine while a lot was mounted there. */
export const ranWith = (machine: string, from: string | null, to: string | null): Want => ({
  subject: subject('equipment', machine),
  topics: OPERATIONS,
  span: { from, to },
});
