import type { JsonObject } from './json.ts';

export const CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

/** Events that answer a query, as the standard wraps them. */
export const queryDocument = (
  queryName: string,
  eventList: readonly JsonObject[],
  creationDate: string,
  subscriptionID?: string,
) => ({
  '@context': [CONTEXT],
  type: 'EPCISQueryDocument' as const,
  schemaVersion: '2.0' as const,
  creationDate,
  epcisBody: {
    queryResults: { queryName, ...(subscriptionID !== undefined && { subscriptionID }), resultsBody: { eventList } },
  },
});
