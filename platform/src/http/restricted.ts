import { z } from 'zod';
import { mayDo, type Permission } from '../permissions/permissions.ts';

const MARK = 'x-restricted';

/**
 * A field that only those see who may do `to`: it is left out of every answer, list and table for all others, and nobody
 * else can ask by it. Who may is in the matrix, like everything else (tiered disclosure).
 */
export const restricted = <T extends z.ZodType>(to: Permission, schema: T): T =>
  schema.meta({ ...schema.meta(), [MARK]: to });

/** Where restricted fields are in what a schema describes. */
export interface Restriction {
  /** Every permission that one of the fields asks for. */
  readonly permissions: ReadonlySet<Permission>;
  readonly fields: readonly RestrictedField[];
}

export interface RestrictedField {
  /** `lots.supplier`; lists are passed through, and each key of a record is `*`. */
  readonly path: string;
  readonly to: Permission;
}

/** What of a schema is restricted; undefined: nothing, so that nothing has to be looked at. */
export function restrictionOf(schema: z.ZodType): Restriction | undefined {
  const fields = fieldsOf(schema, [], []);
  if (fields.length === 0) return undefined;
  const known = new Map(fields.map((field) => [`${field.path} ${field.to}`, field]));
  return { permissions: new Set(fields.map(({ to }) => to)), fields: [...known.values()] };
}

type ReplySchema = z.ZodType | { readonly mediaType: string } | null | undefined;

/** Of everything that a route takes and says. */
export interface Restrictions {
  readonly query: Restriction | undefined;
  readonly body: Restriction | undefined;
  readonly reply: Readonly<Record<200 | 201 | 202, Restriction | undefined>>;
}

export function restrictionsOf(route: {
  readonly query?: z.ZodObject | undefined;
  readonly body?: z.ZodType | { readonly mediaType: string } | undefined;
  readonly reply: { readonly [status: number]: ReplySchema };
}): Restrictions {
  const of = (schema: ReplySchema): Restriction | undefined =>
    schema instanceof z.ZodType ? restrictionOf(schema) : undefined;
  const { query, body, reply } = route;
  return { query: of(query), body: of(body), reply: { 200: of(reply[200]), 201: of(reply[201]), 202: of(reply[202]) } };
}

/** Those that somebody of these roles does not get. */
export const withheldFrom = (restriction: Restriction | undefined, roles: readonly string[]): RestrictedField[] =>
  (restriction?.fields ?? []).filter(({ to }) => !mayDo(roles, to));

function fieldsOf(schema: z.ZodType, path: readonly string[], above: readonly z.ZodType[]): RestrictedField[] {
  // What holds itself has nothing new in it the second time.
  if (above.includes(schema)) return [];
  const within = [...above, schema];
  const to = schema.meta()?.[MARK] as Permission | undefined;
  if (to !== undefined) return [{ path: path.join('.'), to }];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([key, part]) => fieldsOf(part as z.ZodType, [...path, key], within));
  if (schema instanceof z.ZodRecord) return fieldsOf(schema.valueType as z.ZodType, [...path, '*'], within);
  return inner(schema).flatMap((part) => fieldsOf(part, path, within));
}

/** What a schema is made of, where that is no fields of its own. */
function inner(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodUnion) return schema.options as z.ZodType[];
  if (schema instanceof z.ZodIntersection) return [schema.def.left as z.ZodType, schema.def.right as z.ZodType];
  if (schema instanceof z.ZodTuple) return [...schema.def.items] as z.ZodType[];
  if (schema instanceof z.ZodPipe) return [schema.in as z.ZodType, schema.out as z.ZodType];
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodLazy
  )
    return [schema.unwrap() as z.ZodType];
  return [];
}

/** A copy without these fields; whatever is no object or list stays as it is. */
export function without(value: unknown, fields: readonly RestrictedField[]): unknown {
  return fields.length === 0 ? value : strip(value, treeOf(fields));
}

/** The first of these fields that is there; undefined: none. */
export function firstIn(value: unknown, fields: readonly RestrictedField[]): RestrictedField | undefined {
  return fields.find(({ path }) => has(value, path.split('.')));
}

/** Names on the way to what is left out; null: that itself. */
type Tree = Map<string, Tree | null>;

function treeOf(fields: readonly RestrictedField[]): Tree {
  const root: Tree = new Map();
  for (const { path } of fields) {
    let at: Tree | null = root;
    const names = path.split('.');
    for (const [depth, name] of names.entries()) {
      if (at === null) break;
      if (depth === names.length - 1) at.set(name, null);
      else if (!at.has(name)) at.set(name, new Map());
      at = at.get(name) ?? null;
    }
  }
  return root;
}

function strip(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((one) => strip(one, tree));
  if (!isPlain(value)) return value;
  const every = tree.get('*');
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => {
      const below = tree.has(key) ? tree.get(key) : every;
      if (below === null) return [];
      return [[key, below ? strip(part, below) : part] as const];
    }),
  );
}

function has(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((one) => has(one, [name ?? '', ...rest]));
  if (name === undefined || !isPlain(value)) return false;
  if (name === '*') return Object.values(value).some((part) => has(part, rest));
  if (!Object.hasOwn(value, name)) return false;
  const part = value[name];
  return rest.length === 0 ? part !== undefined : has(part, rest);
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);
