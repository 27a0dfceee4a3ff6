import { LotwardenError, Poison, Rejected, Transient, type ErrorDetail } from '../errors.ts';
import type { FieldError } from './field-errors.ts';
import { fill, type Language, type Message, type Messages } from '../messages.ts';

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  readonly requestId: string;
  /** The facts behind the words, for programs. */
  readonly data?: ErrorDetail;
  readonly errors?: readonly FieldError[];
}

export interface Occasion {
  readonly messages: Messages;
  readonly language: Language;
  readonly instance: string;
  readonly requestId: string;
}

/** What the caller may know of an error: its code, words and facts if it is one of ours; otherwise only that we failed. */
export function problemOf(cause: unknown, { messages, language, instance, requestId }: Occasion): Problem {
  const { code, detail, status, message } = known(cause, messages);
  const { errors, ...data } = detail as ErrorDetail & { errors?: readonly FieldError[] };
  return {
    type: `/errors/${code}`,
    title: title(code),
    status,
    code,
    detail: message === undefined ? code : fill(message[language], { ...data, requestId }),
    instance,
    requestId,
    ...(Object.keys(data).length > 0 && { data }),
    ...(errors && { errors }),
  };
}

interface Known {
  readonly code: string;
  readonly detail: ErrorDetail;
  readonly status: number;
  readonly message: Message | undefined;
}

const wordsFor = (messages: Messages, code: string): Message | undefined =>
  Object.hasOwn(messages, code) ? messages[code] : undefined;

function known(cause: unknown, messages: Messages): Known {
  const error = cause instanceof LotwardenError && !(cause instanceof Poison) ? cause : parserFault(cause);
  if (!error) return { code: 'internal', detail: {}, status: 500, message: wordsFor(messages, 'internal') };
  const { code, detail } = error;
  const message = wordsFor(messages, code);
  const own = error instanceof Rejected ? error.status : undefined;
  return { code, detail, message, status: own ?? message?.status ?? (error instanceof Transient ? 503 : 409) };
}

/** Faults that Express and its body parser find (http-errors); what they say stays inside. */
function parserFault(cause: unknown): Rejected | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { type, status, limit } = cause as Error & { type?: unknown; status?: unknown; limit?: unknown };
  if (type === 'entity.too.large') return new Rejected('body-too-large', { limit: `${String(limit)} bytes` });
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new Rejected('content-type-unsupported', { contentType: 'another encoding' });
  if (typeof type === 'string' && status === 400) return new Rejected('body-not-json');
  if (status === 400) return new Rejected('path-invalid');
  return undefined;
}

const title = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
