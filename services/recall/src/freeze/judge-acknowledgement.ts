import type { Epoch } from './epoch.ts';

export interface Said {
  readonly epoch: number;
  readonly count: number;
  readonly digest: string;
}

export type Verdict =
  { readonly counts: true } | { readonly counts: false; readonly because: 'manifest-unknown' | 'manifest-differs' };

/** An acknowledgement counts only if the gate found in its own database just what the manifest names. */
export function judgeAcknowledgement(said: Said, manifest: Epoch | undefined): Verdict {
  if (!manifest) return { counts: false, because: 'manifest-unknown' };
  const same = manifest.epoch === said.epoch && manifest.count === said.count && manifest.digest === said.digest;
  return same ? { counts: true } : { counts: false, because: 'manifest-differs' };
}
