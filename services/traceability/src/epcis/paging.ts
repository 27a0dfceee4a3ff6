import { Rejected } from '@lotwarden/platform/errors';

/** The lists of EPCIS are paged by these two; with `PAGE` in a route's query, `perPage` is 30 if the caller says nothing. */
export const LARGEST_PAGE = 500;

export const pathOf = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

/** The header that leads to the next page; the same question, only further on. */
export function linkTo(path: string, query: Readonly<Record<string, string | number | undefined>>, token: string) {
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const search = new URLSearchParams([
    ...asked.filter(([name]) => name !== 'nextPageToken'),
    ['nextPageToken', token] as [string, string],
  ]);
  return { link: `<${path}?${search.toString()}>; rel="next"` };
}

/** Where a query goes on, and how many of its `eventCountLimit` are left. */
export interface PageToken {
  readonly after: string;
  readonly left: number | null;
}

export const encodeToken = (token: PageToken): string =>
  Buffer.from(JSON.stringify([token.after, token.left]), 'utf8').toString('base64url');

/** Throws `epcis-token-invalid` for what `encodeToken` never made. */
export function decodeToken(text: string): PageToken {
  const [after, left] = parts(text);
  if (typeof after !== 'string' || (left !== null && !Number.isSafeInteger(left)))
    throw new Rejected('epcis-token-invalid');
  return { after, left: left === null ? null : Number(left) };
}

function parts(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch (cause) {
    throw new Rejected('epcis-token-invalid', {}, undefined, { cause });
  }
}
