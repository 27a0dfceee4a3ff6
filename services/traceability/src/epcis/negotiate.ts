import { Rejected } from '@lotwarden/platform/errors';
import type { EpcFormat } from './render.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export const CAPTURE_LIMIT = 10_000;
/** Bytes. */
export const FILE_LIMIT = 10 * 1024 * 1024;

const one = (headers: Headers, name: string): string | undefined => {
  const sent = headers[name];
  return typeof sent === 'string' ? sent : sent?.[0];
};

/** What every answer says of itself. */
export const VERSIONS = { 'gs1-epcis-version': '2.0.0', 'gs1-cbv-version': '2.0.0' } as const;

/** What `OPTIONS` says of a resource (EPCIS 2.0, 12.4). */
export const discovery = (allow: string): Readonly<Record<string, string>> => ({
  allow,
  ...VERSIONS,
  'gs1-epcis-min': '2.0.0',
  'gs1-epcis-max': '2.0.0',
  'gs1-cbv-min': '2.0.0',
  'gs1-cbv-max': '2.0.0',
  'gs1-epc-format': 'Always_GS1_Digital_Link, Always_EPC_URN, No_Preference',
  'gs1-vendor-version': 'Lotwarden 1',
});

export const LIMITS = {
  'gs1-epcis-capture-limit': String(CAPTURE_LIMIT),
  'gs1-epcis-capture-file-size-limit': String(FILE_LIMIT),
} as const;

/** Throws `epcis-not-acceptable` for a version of the standards that we do not speak, or an answer that is not JSON. */
export function checkVersions(headers: Headers): void {
  for (const name of ['gs1-epcis-version', 'gs1-cbv-version', 'gs1-epcis-min', 'gs1-cbv-min']) {
    const sent = one(headers, name);
    if (sent !== undefined && !/^2\.0(\.\d+)?$/.test(sent)) throw refused(name, sent, '2.0.0');
  }
  for (const name of ['gs1-epcis-max', 'gs1-cbv-max']) {
    const sent = one(headers, name);
    if (sent !== undefined && !/^[2-9](\.\d+){0,2}$/.test(sent)) throw refused(name, sent, '2.0.0');
  }
  const accept = one(headers, 'accept') ?? '*/*';
  if (!/\*\/\*|application\/(\*|json|ld\+json|problem\+json)/.test(accept))
    throw refused('accept', accept, 'application/json');
}

const refused = (header: string, sent: string, spoken: string): Rejected =>
  new Rejected('epcis-not-acceptable', { header, sent: sent.slice(0, 200), spoken });

export function epcFormat(headers: Headers): EpcFormat {
  const sent = one(headers, 'gs1-epc-format') ?? 'Always_GS1_Digital_Link';
  if (sent === 'Always_GS1_Digital_Link' || sent === 'Always_EPC_URN' || sent === 'No_Preference') return sent;
  if (sent === 'Never_Translates') return 'No_Preference';
  throw refused('gs1-epc-format', sent, 'Always_GS1_Digital_Link, Always_EPC_URN, No_Preference');
}

export type ErrorBehaviour = 'rollback' | 'proceed';

export function errorBehaviour(headers: Headers): ErrorBehaviour {
  const sent = one(headers, 'gs1-capture-error-behaviour') ?? 'rollback';
  if (sent === 'rollback' || sent === 'proceed') return sent;
  throw refused('gs1-capture-error-behaviour', sent, 'rollback, proceed');
}

/** `example=https://ns.example.com/` pairs, separated by commas: prefixes that a query uses. */
export function extensionsIn(headers: Headers): Readonly<Record<string, string>> {
  const sent = one(headers, 'gs1-extensions') ?? '';
  return Object.fromEntries(
    sent.split(',').flatMap((pair) => {
      const [, prefix = '', namespace = ''] = /^\s*([a-zA-Z][\w-]*)=(\S+)\s*$/.exec(pair) ?? [];
      return prefix === '' ? [] : [[prefix, namespace]];
    }),
  );
}

const EXCEPTIONS: Readonly<Record<string, string>> = {
  'epcis-event-duplicate': 'ResourceAlreadyExistsException',
  'epcis-query-exists': 'ResourceAlreadyExistsException',
  'epcis-query-unknown': 'NoSuchNameException',
  'epcis-subscription-invalid': 'SubscriptionControlsException',
  'epcis-capture-too-large': 'CaptureLimitExceededException',
  'body-too-large': 'CaptureLimitExceededException',
  'epcis-result-too-large': 'QueryTooLargeException',
  'epcis-parameter-invalid': 'QueryParameterException',
  'query-invalid': 'QueryParameterException',
  'epcis-token-invalid': 'QueryParameterException',
};
const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'SecurityException',
  403: 'SecurityException',
  404: 'NoSuchResourceException',
  406: 'NotAcceptableException',
  413: 'CaptureLimitExceededException',
  415: 'UnsupportedMediaTypeException',
};

/** The standard's names for what went wrong; what it has no name for is the implementation's. */
export const problemName = ({ code, status }: { readonly code: string; readonly status: number }) => ({
  type: `epcisException:${EXCEPTIONS[code] ?? BY_STATUS[status] ?? 'ImplementationException'}`,
  ...(status === 413 && { headers: { ...VERSIONS, ...LIMITS } }),
});
