/** JSON as it came; what it means is said by whoever has checked it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as it would be read aloud: texts, numbers and booleans as they are. */
export const written = (value: Json | undefined): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

export const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

export const textsOf = (value: unknown): string[] =>
  listOf(value).filter((item): item is string => typeof item === 'string');

export const objectsOf = (value: unknown): JsonObject[] => listOf(value).filter(isObject);

/** Levels of nesting. What means something has ten; whoever reads deeper by calling itself runs out of stack. */
export const DEPTH_LIMIT = 64;

/** Level by level, without calling itself. */
export function isDeeper(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? (Object.values(one) as unknown[]) : []));
  }
  return false;
}
