import { Rejected } from '@lotwarden/platform/errors';

export interface Upstream {
  readonly service: string;
  /** As it goes on, byte for byte: nothing is decoded or normalised on the way. */
  readonly path: string;
}

/** `/api/receiving/lots/1?x=y` → receiving, `/lots/1?x=y`. Throws `path-invalid`. */
export function upstreamOf(target: string): Upstream {
  checkTarget(target);
  const [, service = '', rest = ''] = /^\/api\/([^/?]*)(.*)$/.exec(target) ?? [];
  return { service, path: rest.startsWith('/') ? rest : `/${rest}` };
}

// eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const FORBIDDEN = /[\u0000-\u0020\u007f\\#]/;

/**
 * Refuses what two readers could read in two ways: an absolute form, empty segments, dots that climb (also encoded, also
 * behind an encoded slash), backslashes and control characters. An encoded slash inside a segment is fine: codes may
 * hold one, and it splits nothing. Throws `path-invalid`.
 */
export function checkTarget(target: string): void {
  const [path = ''] = target.split('?', 1);
  const [root, ...segments] = path.split('/');
  const sound =
    root === '' &&
    !FORBIDDEN.test(target) &&
    segments.every((segment, n) => isSound(segment, n === segments.length - 1));
  if (!sound) throw new Rejected('path-invalid', { path: path.slice(0, 200) });
}

function isSound(segment: string, last: boolean): boolean {
  if (segment === '') return last;
  const plain = decoded(segment);
  return plain !== undefined && !FORBIDDEN.test(plain.replaceAll(' ', '')) && !plain.split('/').some(climbs);
}

const climbs = (part: string): boolean => part === '.' || part === '..';

/** Undefined for what is no percent-encoded UTF-8. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
