/** The sites or markets that a request names by itself: one in its address, one in its body. */
export const named = (what: 'site' | 'market', ...parts: readonly unknown[]): string[] =>
  parts.flatMap((part) => {
    const value = typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>)[what] : null;
    return typeof value === 'string' ? [value] : [];
  });
