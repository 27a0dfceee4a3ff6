import { gate as createGate } from '@lotwarden/platform/gate';
import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { showSignatures } from '@lotwarden/platform/show-signatures';
import { signOff } from '@lotwarden/platform/sign-off';
import { remoteSigningKeys, signatureVerifier } from '@lotwarden/platform/verify-signature';
import { complaintRoutes } from './complaint/complaint.routes.ts';
import { config } from './config.ts';
import { births } from './gate/births.consumer.ts';
import { lotMerges } from './gate/merge-lots.store.ts';
import { openHouse } from './house.ts';
import { inspectionRoutes } from './inspection/inspection.routes.ts';
import { inspectionWork } from './inspection/inspections.store.ts';
import { lotsDeclared } from './inspection/lots.consumer.ts';
import { resultReported } from './inspection/result-reported.consumer.ts';
import { messages } from './messages.ts';
import { nonconformanceRoutes } from './nonconformance/nonconformance.routes.ts';
import { assertNoHeldAncestor } from './release/ancestry.client.ts';
import { releasedRightly } from './release/invariants.store.ts';
import { labelChecked } from './release/label-checked.consumer.ts';
import { lotQualities } from './release/lot-quality.store.ts';
import { releaseRoutes } from './release/release.routes.ts';
import { specified } from './specification/specified.consumer.ts';

export default service('qms', config, (deps) => {
  const house = openHouse(deps);
  const directory = lotDirectory(deps);
  const inspecting = inspectionWork(house);
  const merges = lotMerges(deps, house);
  const qualities = lotQualities(house);
  const gate = createGate({
    name: 'qms',
    aggregate: house.releases,
    drains: [
      { topic: 'mes-bridge.operation.v1', group: 'qms.births' },
      { topic: 'mes-bridge.production-lot.v1', group: 'qms.inspection' },
      { topic: 'receiving.material-lot.v1', group: 'qms.inspection' },
      { topic: 'lims.inbound.v1', group: 'qms.inspection' },
    ],
  });
  const keys = remoteSigningKeys(new URL(deps.config.signingKeysUrl));
  const signing = signOff(signatureVerifier(keys));
  const showing = showSignatures(keys, () => deps.clock.now().getTime());
  return {
    messages,
    http: [
      inspectionRoutes({ house, signing, showing }),
      nonconformanceRoutes({ deps, house, signing, showing }),
      complaintRoutes({ deps, house }),
      releaseRoutes({
        deps,
        house,
        qualities,
        gate,
        signing,
        showing,
        assertNoHeldAncestor: assertNoHeldAncestor(deps, house),
      }),
    ],
    invariants: () => releasedRightly(house, qualities),
    gates: [gate],
    consumers: [
      ...specified({ house, inspecting }),
      ...lotsDeclared({ house, directory, inspecting, merges }),
      resultReported({ directory, inspecting }),
      labelChecked(house),
      births(merges),
    ],
  };
});
