import { Rejected } from '@lotwarden/platform/errors';
import { TokenParser, Tokenizer, TokenType } from '@streamparser/json';
import { DEPTH_LIMIT, isObject, type JsonObject } from './json.ts';
import { CAPTURE_LIMIT } from './negotiate.ts';
import { rejected } from './read-capture.mapper.ts';

/** Takes a document apart while it comes; what it holds is one event and what stands around the events. */
export interface Splitter {
  /** Throws as soon as the document cannot become a right one: no JSON, too deep, too many events, too much at once. */
  readonly write: (piece: Uint8Array) => void;
  /** Everything of the document but its events; `isList` is false if there is no list of them. */
  readonly end: () => { readonly envelope: JsonObject; readonly isList: boolean };
}

/** Bytes that are no whole event yet: blanks count here, so it is more than an event may weigh when it is kept. */
const HELD_LIMIT = 1024 * 1024;

const OPENS: ReadonlySet<TokenType> = new Set([TokenType.LEFT_BRACE, TokenType.LEFT_BRACKET]);
const CLOSES: ReadonlySet<TokenType> = new Set([TokenType.RIGHT_BRACE, TokenType.RIGHT_BRACKET]);

export function documentSplitter(onEvent: (event: unknown) => void): Splitter {
  const tokens = new Tokenizer();
  const values = new TokenParser({ paths: ['$.epcisBody.eventList.*', '$'] });
  let depth = 0;
  let events = 0;
  let held = 0;
  let document: unknown;

  tokens.onToken = (token) => {
    if (OPENS.has(token.token)) depth += 1;
    else if (CLOSES.has(token.token)) depth -= 1;
    if (depth > DEPTH_LIMIT)
      throw rejected([{ path: '', message: `it is nested more than ${DEPTH_LIMIT} levels deep` }]);
    values.write(token);
  };
  values.onValue = ({ value, key, parent, stack }) => {
    if (stack.length === 0) {
      document = value;
      return;
    }
    if (typeof key !== 'number' || !Array.isArray(parent)) return;
    if (key !== events) throw rejected([{ path: '/epcisBody/eventList', message: 'there must be one eventList' }]);
    events += 1;
    if (events > CAPTURE_LIMIT)
      throw new Rejected('epcis-capture-too-large', { found: `more than ${CAPTURE_LIMIT}`, limit: CAPTURE_LIMIT });
    onEvent(value);
    parent[key] = null;
    held = 0;
  };
  // Without these both would throw by themselves, whatever was thrown at them.
  const broken = (cause: Error): never => {
    throw cause instanceof Rejected ? cause : new Rejected('epcis-body-not-json', {}, undefined, { cause });
  };
  tokens.onError = broken;
  values.onError = broken;

  return {
    write: (piece) => {
      held += piece.length;
      tokens.write(piece);
      if (held > HELD_LIMIT)
        throw rejected([
          { path: '', message: `more than ${HELD_LIMIT} bytes of it are no event; split what is so large` },
        ]);
    },
    end: () => {
      if (!tokens.isEnded) tokens.end();
      if (document === undefined) throw new Rejected('epcis-body-not-json');
      if (!isObject(document)) throw rejected([{ path: '', message: 'it must be an EPCISDocument' }]);
      const { epcisBody } = document;
      const inner = isObject(epcisBody) ? epcisBody : {};
      const listed = Array.isArray(inner['eventList']);
      const envelope = listed ? { ...document, epcisBody: { ...inner, eventList: [] } } : document;
      return { envelope, isList: listed };
    },
  };
}
