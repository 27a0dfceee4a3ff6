import type { Gap } from '../trace/completeness.ts';

/** Who sees to a kind of gap, and until when: data, so that a plant can have its own. The first that fits counts. */
export interface GapRule {
  /** A kind, or how kinds begin, with a star at the end: `owner-*`. */
  readonly kind: string;
  /** Only where this service or system has to give what is missing; `*` is any. */
  readonly source: string;
  readonly team: string;
  readonly hours: number;
}

/** What nobody has named a team for: whoever runs the system. */
const REST: GapRule = { kind: '*', source: '*', team: 'operations', hours: 24 };

export const DEFAULT_RULES: readonly GapRule[] = [
  // Messages that wait for a person at the service that reads them: whoever looks after what it reports.
  { kind: 'owner-parked', source: 'mes-bridge', team: 'mes', hours: 4 },
  { kind: 'owner-parked', source: 'serialization', team: 'packaging', hours: 4 },
  { kind: 'owner-parked', source: 'receiving', team: 'receiving', hours: 4 },
  { kind: 'owner-parked', source: 'warehouse', team: 'warehouse', hours: 4 },
  { kind: 'owner-parked', source: 'field', team: 'field-service', hours: 4 },
  { kind: 'owner-parked', source: 'qms', team: 'quality', hours: 4 },
  { kind: 'owner-*', source: '*', team: 'operations', hours: 1 },
  { kind: 'operation-*', source: '*', team: 'mes', hours: 24 },
  { kind: 'lot-undeclared', source: 'receiving', team: 'receiving', hours: 24 },
  { kind: 'lot-undeclared', source: '*', team: 'mes', hours: 24 },
  { kind: 'unit-unknown', source: '*', team: 'packaging', hours: 24 },
  { kind: 'epcis-event-missing', source: '*', team: 'operations', hours: 24 },
  { kind: 'alias-ambiguous', source: '*', team: 'quality', hours: 24 },
  { kind: 'version-missing', source: '*', team: 'operations', hours: 4 },
  { kind: 'unread', source: '*', team: 'operations', hours: 1 },
  { kind: 'skipped', source: '*', team: 'operations', hours: 2 },
  { kind: 'undecodable', source: '*', team: 'operations', hours: 4 },
  { kind: 'schema-unknown', source: '*', team: 'operations', hours: 4 },
];

const fits = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;

export const ruleFor = (rules: readonly GapRule[], { kind }: Pick<Gap, 'kind'>, source: string): GapRule =>
  [...rules, ...DEFAULT_RULES].find((rule) => fits(rule.kind, kind) && fits(rule.source, source)) ?? REST;

/** Which service has to give what is missing. */
export function sourceOfGap({ kind, subject }: Gap): string {
  const [first = ''] = subject.split(' ');
  if (kind.startsWith('owner-')) return first;
  if (kind.startsWith('operation-')) return first.startsWith('epcis:') ? 'traceability' : 'mes-bridge';
  if (kind === 'unit-unknown') return 'serialization';
  if (kind === 'epcis-event-missing') return 'traceability';
  // A stream: `topic`, `topic/partition`.
  if (first.includes('.')) return first.slice(0, first.indexOf('.'));
  return first.startsWith('M-') ? 'receiving' : 'mes-bridge';
}
