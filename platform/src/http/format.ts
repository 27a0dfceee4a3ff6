import type { Request } from 'express';
import { z } from 'zod';
import { Rejected } from '../errors.ts';
import type { Route } from './route.ts';

const MEDIA_TYPES = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  pdf: 'application/pdf',
} as const;

export type Format = keyof typeof MEDIA_TYPES;

export interface Asked {
  readonly format: Format;
  readonly bom: boolean;
  /** What is left for the route's own query. */
  readonly query: unknown;
}

type Formed = Pick<Route, 'csv' | 'print'>;

const formatsOf = ({ csv, print }: Formed): readonly [Format, ...Format[]] => [
  'json',
  ...(csv ? (['csv', 'ndjson'] as const) : []),
  ...(print ? (['pdf'] as const) : []),
];

/** Beside the own query of a route that answers in more than one form; undefined for all others. */
export function formatQuery(route: Formed): z.ZodObject | undefined {
  const formats = formatsOf(route);
  if (formats.length === 1) return undefined;
  const means = formats.slice(1).map((format) => `${format}: the same as Accept: ${MEDIA_TYPES[format]}`);
  return z.object({
    format: z
      .enum(formats)
      .optional()
      .meta({
        description: `${means.join('; ')}${route.csv ? '. A table is the whole list, not one page' : ''}`,
      }),
    ...(route.csv && {
      bom: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: 'true: a CSV begins with a byte order mark, from which Excel knows that it is UTF-8' }),
    }),
  });
}

/** What form the caller wants: `?format=` counts more than `Accept`. Throws `query-invalid`. */
export function formatOf(route: Route, request: Request): Asked {
  const own = formatQuery(route);
  if (!own) return { format: 'json', bom: false, query: request.query };
  const { format, bom, ...rest } = request.query;
  const query = route.csv || bom === undefined ? rest : { ...rest, bom };
  const told = own.safeParse({ format, ...(route.csv && { bom }) });
  if (!told.success) throw new Rejected('query-invalid', { format, bom });
  const formats = formatsOf(route);
  const liked = request.accepts(formats.map((one) => MEDIA_TYPES[one]));
  const byAccept = formats.find((one) => MEDIA_TYPES[one] === liked) ?? 'json';
  const { format: named, bom: mark } = told.data as { readonly format?: Format; readonly bom?: string };
  return { format: named ?? byAccept, bom: mark === 'true', query };
}
