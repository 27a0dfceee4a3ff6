import { Rejected } from '../errors.ts';

/** Somebody who signs, and those for whom he stands in. */
export interface Signing {
  readonly signer: string;
  readonly deputyFor?: readonly string[];
}

/** Somebody who has had a hand in what is signed: who made or recorded it, or who signed it before. */
export interface Involved {
  readonly person: string;
  readonly deputyFor?: readonly string[];
  readonly as: 'author' | 'signer';
}

/**
 * Two people: whoever signs neither made what he signs nor signed it before, nor stands in for somebody who did, nor is
 * stood in for by him (21 CFR 820.40, 11.10(g); ISO 13485 8.2.6). Throws `signature-by-author` or `signature-same-person`.
 */
export function assertSeparate({ signer, deputyFor = [] }: Signing, involved: readonly Involved[]): void {
  for (const other of involved) {
    const isSame = other.person === signer || deputyFor.includes(other.person) || other.deputyFor?.includes(signer);
    if (!isSame) continue;
    const code = other.as === 'author' ? 'signature-by-author' : 'signature-same-person';
    throw new Rejected(code, { signer, person: other.person });
  }
}
