/** Something that bears on security, as a service notices it in a request. */
export interface Refusal {
  readonly kind: 'token-refused' | 'permission-refused' | 'device-refused' | 'signature-refused';
  /** The caller, or the address where nobody knows who it was. */
  readonly subject: string;
  /** Error code. */
  readonly reason: string;
  readonly address: string | null;
}

/** Equal ones as one, with their number: whoever tries a thousand times must not fill the streams. */
export interface CountedRefusal extends Omit<Refusal, 'kind'> {
  readonly kind: Refusal['kind'] | 'refusals-not-told-apart';
  readonly count: number;
  /** ISO 8601. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** What waits to be told, never more than `most` different ones: of the rest it is known how many they were. */
export interface Refusals {
  note(refusal: Refusal, at: Date): void;
  /** What is to be told now, and waits no longer: of equal ones the first at once, those after it a minute later as one. */
  take(now: Date): CountedRefusal[];
  /** All that waits. */
  takeAll(): CountedRefusal[];
}

const MINUTE = 60_000;

export function gatherRefusals(service: string, most: number): Refusals {
  const waiting = new Map<string, CountedRefusal>();
  /** When it was told last, ms. */
  const told = new Map<string, number>();

  const add = (key: string, refusal: Omit<CountedRefusal, 'count' | 'firstAt' | 'lastAt'>, at: string): void => {
    const known = waiting.get(key);
    waiting.set(key, { ...refusal, count: (known?.count ?? 0) + 1, firstAt: known?.firstAt ?? at, lastAt: at });
  };

  return {
    note(refusal, at) {
      const { kind, subject, reason, address } = refusal;
      const key = JSON.stringify([kind, subject, reason, address]);
      if (waiting.has(key) || waiting.size < most) add(key, refusal, at.toISOString());
      else add('rest', { kind: 'refusals-not-told-apart', subject: service, reason: 'too-many', address: null }, at.toISOString()); // prettier-ignore
    },
    take(now) {
      const ms = now.getTime();
      for (const [key, at] of told) if (ms - at >= MINUTE) told.delete(key);
      const due = [...waiting].filter(([key]) => !told.has(key));
      for (const [key] of due) {
        waiting.delete(key);
        told.set(key, ms);
      }
      return due.map(([, refusal]) => refusal);
    },
    takeAll() {
      const all = [...waiting.values()];
      waiting.clear();
      return all;
    },
  };
}

const KINDS: Readonly<Record<string, Refusal['kind']>> = {
  'token-invalid': 'token-refused',
  'token-expired': 'token-refused',
  'permission-missing': 'permission-refused',
  'site-not-yours': 'permission-refused',
  'market-not-yours': 'permission-refused',
  'party-not-ours': 'permission-refused',
  'device-unknown': 'device-refused',
  'device-proof-invalid': 'device-refused',
};

/** Nothing was forged: the caller has not signed yet, or asks for a signature that is not there. */
const NO_ATTEMPT: ReadonlySet<string> = new Set(['signature-required', 'signature-unknown']);

/** What kind of refusal an error code is; undefined for what says nothing about security. */
export const refusalKind = (code: string): Refusal['kind'] | undefined =>
  Object.hasOwn(KINDS, code) ? KINDS[code] : code.startsWith('signature-') && !NO_ATTEMPT.has(code) ? 'signature-refused' : undefined; // prettier-ignore
