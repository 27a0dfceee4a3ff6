/** A browser without a screen: follows redirects and keeps each origin's cookies by their paths. */
export interface Walk {
  /** Until something is no redirect, or leads to `until`. */
  go(url: string, until?: string): Promise<Arrived>;
  post(url: string, form: Readonly<Record<string, string>>, until?: string): Promise<Arrived>;
}

export interface Arrived {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
  /** Every address on the way, the first one included. */
  readonly way: readonly string[];
}

interface Cookie {
  readonly origin: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

export function walk(): Walk {
  let cookies: Cookie[] = [];

  async function follow(from: string, until: string | undefined, body?: URLSearchParams): Promise<Arrived> {
    const way: string[] = [];
    let url = new URL(from);
    for (let hop = 0, form = body; hop < 20; hop++, form = undefined) {
      way.push(url.href);
      if (until !== undefined && url.href.startsWith(until) && hop > 0) return { url, status: 0, html: '', way };
      const cookie = cookies
        .filter(({ origin, path }) => origin === url.origin && url.pathname.startsWith(path))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
      const reply = await fetch(url, {
        redirect: 'manual',
        headers: { cookie, 'accept-language': 'en' },
        ...(form && { method: 'POST', body: form }),
      });
      for (const set of reply.headers.getSetCookie()) keep(url, set);
      const next = reply.headers.get('location');
      const html = await reply.text();
      if (next === null) return { url, status: reply.status, html, way };
      url = new URL(next, url);
    }
    throw new Error(`round and round: ${way.join(' ')}`);
  }

  function keep({ origin }: URL, set: string): void {
    const [pair = '', ...attributes] = set.split(';').map((part) => part.trim());
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
    cookies = cookies.filter((one) => one.origin !== origin || one.path !== path || one.name !== name);
    if (value !== '') cookies.push({ origin, path, name, value });
  }

  return {
    go: (url, until) => follow(url, until),
    post: (url, form, until) => follow(url, until, new URLSearchParams(form)),
  };
}
