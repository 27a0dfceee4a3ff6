/** The filter of a list for aggregates whose state has these values; what is undefined was not asked for. */
export const sameState = (wanted: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[`state.${name}`, value]])),
  );
