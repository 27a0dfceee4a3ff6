import type { Request } from 'express';
import type { PrintedDocument, Printing } from '../document/document.ts';
import type { Printer } from '../document/printer.client.ts';
import { withheldHeader, type Answer } from './answer.ts';
import { without, type RestrictedField } from './restricted.ts';
import type { Reply } from './replies.ts';
import type { Call, Route } from './route.ts';

type HandleCall = Call<unknown, unknown, unknown>;

interface How extends Printing {
  readonly withheld: readonly RestrictedField[];
  readonly printer: Printer;
}

/** What a route shows, as a document; of what is restricted it says no more than the same answer as JSON. */
export async function printed(
  route: Route,
  call: HandleCall,
  request: Request,
  { withheld, printer, ...printing }: How,
): Promise<Answer> {
  const handle = route.handle as (call: HandleCall) => Promise<Reply<number, unknown>>;
  const print = route.print as (shown: unknown, how: Printing) => PrintedDocument;
  const { body, json } = await handle(call);
  // As it would be sent: what is left out there is not there for the document either.
  const shown: unknown = JSON.parse(json ? Buffer.from(json).toString('utf8') : JSON.stringify(body));
  const document = print(without(shown, withheld), printing);
  const content = await printer(document, { ...printing, withheld: withheld.map(({ path }) => path) });
  const name = request.path.split('/').filter(Boolean).map(decodeURIComponent).join('-');
  return {
    status: 200,
    headers: {
      'cache-control': 'no-store',
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}.pdf`,
      vary: 'Accept, Accept-Language',
      ...withheldHeader(withheld),
    },
    content,
  };
}
