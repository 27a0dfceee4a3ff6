import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** WeCom's pages and answers, as its developer guide shows them. */
export interface FakeWeCom {
  readonly address: string;
  readonly corporation: string;
  readonly secret: string;
  sits(userid: string): void;
  readonly people: Map<
    string,
    { readonly name: string; readonly department: readonly number[]; readonly status: number }
  >;
  /** Every further answer; null: its own again. */
  answers(instead: { readonly status: number; readonly body: string } | null): void;
  stop(): Promise<void>;
}

export async function startFakeWeCom(): Promise<FakeWeCom> {
  const [corporation, secret] = ['ww0123456789abcdef', 'the secret of the application'];
  const people: FakeWeCom['people'] = new Map();
  const codes = new Map<string, string>();
  const desk = { sits: 'nobody', made: 0, instead: null as { status: number; body: string } | null };

  const answer = (url: URL): object => {
    const asked = (name: string): string => url.searchParams.get(name) ?? '';
    if (url.pathname === '/cgi-bin/gettoken')
      return asked('corpid') === corporation && asked('corpsecret') === secret
        ? { errcode: 0, errmsg: 'ok', access_token: 'of-the-application', expires_in: 7200 }
        : { errcode: 40001, errmsg: 'invalid credential' };
    if (asked('access_token') !== 'of-the-application') return { errcode: 40014, errmsg: 'invalid access_token' };
    if (url.pathname === '/cgi-bin/auth/getuserinfo') {
      const userid = codes.get(asked('code'));
      codes.delete(asked('code'));
      if (userid === undefined) return { errcode: 40029, errmsg: 'invalid code' };
      return people.has(userid) ? { errcode: 0, errmsg: 'ok', userid } : { errcode: 0, errmsg: 'ok', openid: userid };
    }
    const found = people.get(asked('userid'));
    return found ? { errcode: 0, errmsg: 'ok', userid: asked('userid'), ...found } : { errcode: 60111, errmsg: 'userid not found' }; // prettier-ignore
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://wecom');
    if (url.pathname === '/wwlogin/sso/login') {
      const code = `code-${desk.made++}`;
      codes.set(code, desk.sits);
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }).toString();
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const { instead } = desk;
    response.writeHead(instead?.status ?? 200, { 'content-type': 'application/json' });
    response.end(instead?.body ?? JSON.stringify(answer(url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    corporation,
    secret,
    people,
    sits: (userid) => {
      desk.sits = userid;
    },
    answers: (instead) => {
      desk.instead = instead;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
