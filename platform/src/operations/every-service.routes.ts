import type { Route } from '../http/route.ts';
import { missingRoutes } from '../watermark/missing.routes.ts';
import { invariantRoutes } from './invariants.routes.ts';
import { operationsRoutes } from './operations.routes.ts';
import { parkedRoutes } from './parked.routes.ts';

type Needs = Parameters<typeof operationsRoutes>[0] &
  Parameters<typeof parkedRoutes>[0] &
  Parameters<typeof invariantRoutes>[0] &
  Parameters<typeof missingRoutes>[0];

/** What every service can be asked beside what it is there for: how it does, and what waits for a person. */
export const everyServiceRoutes = (needs: Needs): readonly (readonly Route[])[] => [
  operationsRoutes(needs),
  parkedRoutes(needs),
  invariantRoutes(needs),
  missingRoutes(needs),
];
