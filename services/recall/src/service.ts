import { lotDirectory } from '@lotwarden/platform/lot-directory';
import { service } from '@lotwarden/platform/service';
import { showSignatures } from '@lotwarden/platform/show-signatures';
import { signOff } from '@lotwarden/platform/sign-off';
import { remoteSigningKeys, signatureVerifier } from '@lotwarden/platform/verify-signature';
import { caseStore } from './case/case.store.ts';
import { caseWork as createCaseWork } from './case/case-work.store.ts';
import { caseRoutes } from './case/case.routes.ts';
import { recordRoutes } from './case/records.routes.ts';
import { config } from './config.ts';
import { findingStore } from './finding/finding.store.ts';
import { shipmentDispatched } from './finding/shipment-dispatched.consumer.ts';
import { freezeStore } from './freeze/freeze.store.ts';
import { gateWords } from './freeze/gates.consumer.ts';
import { holdRoutes } from './hold/hold.routes.ts';
import { holdStore } from './hold/hold.store.ts';
import { releaseWork } from './hold/release-work.store.ts';
import { tellGates } from './hold/tell-gates.job.ts';
import { invariants } from './invariant/invariants.store.ts';
import { lotNames } from './lot/lot-names.consumer.ts';
import { messages } from './messages.ts';
import { custodyGained } from './notice/custody-gained.consumer.ts';
import { noticeDelivery } from './notice/delivery.consumer.ts';
import { noticeRoutes } from './notice/notice.routes.ts';
import { noticeStore } from './notice/notice.store.ts';
import { pace } from './pace.job.ts';
import { caseRecords } from './report/records.store.ts';
import { askTraceability } from './scope/ask-traceability.job.ts';
import { questionStore } from './scope/question.store.ts';
import { scopeChanged } from './scope/scope-changed.consumer.ts';
import { scopeStore } from './scope/scope.store.ts';
import { traceability as createTraceability } from './scope/standing-question.client.ts';
import { ticker } from './tick/tick.client.ts';

export default service('recall', config, (deps) => {
  const { config: settings, log } = deps;
  const { coalesce, questionWithin } = settings;
  const answerHours = {
    I: settings.answerHoursClassI,
    II: settings.answerHoursClassIi,
    III: settings.answerHoursClassIii,
  };
  const keys = remoteSigningKeys(new URL(settings.signingKeysUrl));
  const signing = signOff(signatureVerifier(keys));
  const showing = showSignatures(keys, () => deps.clock.now().getTime());

  const cases = caseStore(deps);
  const findings = findingStore(deps, cases);
  const freezes = freezeStore(deps, { cases, findings, patience: settings });
  const book = holdStore(deps, freezes);
  const scopes = scopeStore(deps, { cases, book });
  const questions = questionStore(deps);
  const notices = noticeStore(deps, { cases, scopes, questions, findings, answerHours });
  const directory = lotDirectory(deps);
  const traceability = createTraceability(deps);
  const records = caseRecords(deps, {
    cases,
    scopes,
    freezes,
    book,
    notices,
    findings,
    traceability,
    signing,
    showing,
  });

  const telling = tellGates({ deps, cases, book, findings, scopes });
  const asking = askTraceability({ deps, questions, traceability, freezes, book, scopes, findings, questionWithin });
  const paces = [
    pace({ name: 'tell-gates', log, every: 500, soon: coalesce, run: telling }),
    pace({ name: 'issue-notices', log, every: 500, soon: coalesce, run: notices.issueDue }),
    pace({ name: 'ask-traceability', log, every: 500, soon: 100, run: asking }),
  ];
  const ticks = pace({ name: 'tick', log, every: settings.tickEvery, soon: 0, run: ticker(deps) });
  const nudge = (): void => {
    for (const one of paces) one.nudge();
  };

  const caseWork = createCaseWork(deps, { cases, book, findings, questions, directory, signing, nudge });
  const releases = releaseWork(deps, { book, scopes, signing });

  return {
    messages,
    http: [
      caseRoutes({ cases, caseWork, freezes, scopes, notices, findings, showing }),
      recordRoutes({ records, scopes, freezes, findings }),
      noticeRoutes({ cases, notices }),
      holdRoutes({ releases, showing }),
    ],
    invariants: () => invariants({ book, freezes, notices }),
    consumers: [
      ...gateWords({ freezes, nudge }),
      scopeChanged({ scopes, nudge }),
      ...lotNames({ directory, book, nudge }),
      custodyGained({ notices }),
      noticeDelivery({ notices }),
      shipmentDispatched({ book, findings }),
    ],
    sagas: [freezes.sagas],
    onStart: async () => {
      const stops = [...paces, ticks].map((one) => one.start());
      return () => Promise.all(stops.map((stop) => stop())).then(() => undefined);
    },
  };
});
