import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { config } from './config.ts';
import { custodyRoutes } from './custody/custody.routes.ts';
import { openCustodies } from './custody/custody.store.ts';
import { epcisCaptured } from './custody/epcis-captured.consumer.ts';
import { goodsMoved } from './custody/goods-moved.consumer.ts';
import { messages } from './messages.ts';
import { partyRoutes } from './party/party.routes.ts';
import { evolve as evolveParty, UNKNOWN_PARTY } from './party/party.ts';
import { unitsRelabelled } from './relabelling/operations.consumer.ts';
import { openRelabellings } from './relabelling/relabelling.store.ts';

export default service('field', config, (deps) => {
  const parties = deps.aggregate({
    collection: 'parties',
    topic: 'field.party.v1',
    initial: UNKNOWN_PARTY,
    evolve: evolveParty,
  });
  const custodies = openCustodies(deps);
  const directory = lotDirectory(deps);
  const relabellings = openRelabellings(deps, { custodies, directory });
  const { ownParties } = deps.config;
  return {
    messages,
    http: [partyRoutes({ parties }), custodyRoutes({ custodies, parties })],
    consumers: [
      ...goodsMoved({ custodies, directory, relabellings }),
      unitsRelabelled(relabellings),
      epcisCaptured({ deps, custodies, directory, ownParties }),
    ],
  };
});
