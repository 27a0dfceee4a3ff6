type Sent = Readonly<Record<string, string | string[] | undefined>>;

/** RFC 9110 §7.6.1: they speak of one connection only. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Not the caller's to say: the gateway does. `expect` was answered here. */
const OURS: ReadonlySet<string> = new Set([
  'host',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
]);

/** What goes on to the service. `cookies`: only identity's pages live on them; the API takes tokens. */
export function requestHeaders(sent: Sent, cookies: boolean): Record<string, string | string[]> {
  return passed(sent, (name) => !OURS.has(name) && (cookies || name !== 'cookie'));
}

/** What comes back; a relative `Location` of a service is under `prefix` here. */
export function replyHeaders(sent: Sent, { cookies, prefix }: { cookies: boolean; prefix: string }) {
  const headers = passed(sent, (name) => cookies || name !== 'set-cookie');
  const { location } = headers;
  if (typeof location === 'string' && /^\/(?!\/)/.test(location)) headers['location'] = `${prefix}${location}`;
  return headers;
}

function passed(sent: Sent, allowed: (name: string) => boolean): Record<string, string | string[]> {
  const dropped = new Set(named(sent['connection']));
  return Object.fromEntries(
    Object.entries(sent).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !HOP_BY_HOP.has(entry[0]) && !dropped.has(entry[0]) && allowed(entry[0]),
    ),
  );
}

/** Headers that `Connection` names belong to this connection too. */
const named = (connection: string | string[] | undefined): string[] =>
  [connection ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase());
