/**
 * What a structure is at one moment: small things as JSON, bytes in pieces. Pieces that are still written to are only
 * written to behind what counts, so that they may be saved bit by bit while facts go on to come.
 */
export interface Frozen {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, readonly Uint8Array[]>>;
}

/** Several structures as one. */
export const joined = (parts: Readonly<Record<string, Frozen>>): Frozen => ({
  meta: Object.fromEntries(Object.entries(parts).map(([name, { meta }]) => [name, meta])),
  parts: Object.fromEntries(
    Object.entries(parts).flatMap(([name, { parts: own }]) =>
      Object.entries(own).map(([part, pieces]) => [`${name}/${part}`, pieces]),
    ),
  ),
});

export const partOf = ({ meta, parts }: Frozen, name: string): Frozen => ({
  meta: (meta[name] ?? {}) as Frozen['meta'],
  parts: Object.fromEntries(
    Object.entries(parts)
      .filter(([part]) => part.startsWith(`${name}/`))
      .map(([part, pieces]) => [part.slice(name.length + 1), pieces]),
  ),
});
