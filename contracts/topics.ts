import type { Topics } from './src/topic.ts';

/**
 * Every topic: who owns it, what its key is, how long it is kept, what is on it, who may read and who may write.
 * Local topic creation, ACLs, AsyncAPI and the checks at start come from here.
 */

/** They follow every fact: the genealogy, the watch over everything, the tamper-evident log. */
const WATCHERS = ['traceability', 'surveillance', 'audit'] as const;
/** They refuse to move what is held. */
const GATES = ['receiving', 'mes-bridge', 'serialization', 'warehouse', 'qms'] as const;

const DAY = 86_400_000;

/** What a service publishes about its own aggregates: the truth, kept for ever, in order per key. */
const FACTS = { kind: 'fact', partitions: 6, retention: 'forever' } as const;
/** A gate speaks about holds as a whole; one partition keeps all it says in one order. */
const GATE = { kind: 'fact', partitions: 1, retention: 'forever', key: 'hold' } as const;
const GATE_RECORDS = ['HoldAcknowledged', 'GateDrained'] as const;
/** Deduplication by message id outlives this. */
const INBOUND = { kind: 'inbound', partitions: 6, retention: 90 * DAY } as const;

/** Original bytes of what could not be read; kept until a person has looked, so for ever. */
const deadLetter = <const Service extends string>(service: Service) =>
  ({
    kind: 'dead-letter',
    owner: service,
    key: 'key of the original message',
    partitions: 1,
    retention: 'forever',
    records: [],
    readers: [service],
    writers: [service],
  }) as const;

export const topics = {
  'receiving.supplier.v1': {
    ...FACTS,
    owner: 'receiving',
    key: 'supplier',
    records: [
      'SupplierRegistered',
      'SupplierQualified',
      'SupplierQualificationWithdrawn',
      'SupplierCertificateRecorded',
    ],
    readers: ['receiving', 'qms', ...WATCHERS],
    writers: ['receiving'],
  },
  'receiving.part.v1': {
    ...FACTS,
    owner: 'receiving',
    key: 'part',
    records: ['PartSpecified'],
    readers: ['receiving', 'qms', 'mes-bridge', 'warehouse', ...WATCHERS],
    writers: ['receiving'],
  },
  'receiving.purchase-order.v1': {
    ...FACTS,
    owner: 'receiving',
    key: 'purchaseOrder',
    records: ['PurchaseOrderPlaced'],
    readers: ['receiving', ...WATCHERS],
    writers: ['receiving'],
  },
  'receiving.material-lot.v1': {
    ...FACTS,
    owner: 'receiving',
    key: 'lot',
    records: [
      'MaterialLotReceived',
      'MaterialLotHindrancesChanged',
      'MaterialLotAcceptanceDeferred',
      'MaterialLotAccepted',
      'MaterialLotRejected',
      'MaterialLotDecisionConflicted',
      'MaterialLotPutAway',
      'LotAliasAssigned',
    ],
    readers: ['mes-bridge', 'qms', 'warehouse', 'serialization', 'field', 'recall', ...WATCHERS],
    writers: ['receiving'],
  },
  'receiving.gate.v1': {
    ...GATE,
    owner: 'receiving',
    records: GATE_RECORDS,
    readers: ['recall', ...WATCHERS],
    writers: ['receiving'],
  },

  'mes-bridge.product.v1': {
    ...FACTS,
    owner: 'mes-bridge',
    key: 'product',
    records: ['ProductSpecified'],
    readers: ['mes-bridge', 'qms', 'serialization', 'warehouse', 'field', 'recall', ...WATCHERS],
    writers: ['mes-bridge'],
  },
  'mes-bridge.equipment.v1': {
    ...FACTS,
    owner: 'mes-bridge',
    key: 'equipment',
    records: ['EquipmentRegistered'],
    readers: ['mes-bridge', 'qms', ...WATCHERS],
    writers: ['mes-bridge'],
  },
  'mes-bridge.production-lot.v1': {
    ...FACTS,
    owner: 'mes-bridge',
    key: 'lot',
    records: ['ProductionLotDeclared', 'LotAliasAssigned'],
    readers: ['receiving', 'qms', 'serialization', 'warehouse', 'field', 'recall', ...WATCHERS],
    writers: ['mes-bridge'],
  },
  'mes-bridge.operation.v1': {
    ...FACTS,
    owner: 'mes-bridge',
    key: 'operation',
    records: [
      'OperationRecorded',
      'OperationInputAdded',
      'OperationOutputAdded',
      'OperationVoided',
      'OperationFlagged',
      'OperationReassessed',
    ],
    readers: ['qms', 'serialization', 'warehouse', 'field', 'recall', ...WATCHERS],
    writers: ['mes-bridge'],
  },
  'mes-bridge.mount.v1': {
    ...FACTS,
    owner: 'mes-bridge',
    key: 'mount',
    records: ['MaterialMounted', 'MaterialUnmounted', 'MaterialMountFlagged', 'MaterialMountVoided'],
    readers: [...WATCHERS],
    writers: ['mes-bridge'],
  },
  'mes-bridge.process-load.v1': {
    ...FACTS,
    owner: 'mes-bridge',
    key: 'load',
    records: ['ProcessLoadRecorded', 'ProcessLoadExtended', 'ProcessLoadVoided'],
    readers: ['qms', ...WATCHERS],
    writers: ['mes-bridge'],
  },
  'mes-bridge.gate.v1': {
    ...GATE,
    owner: 'mes-bridge',
    records: GATE_RECORDS,
    readers: ['recall', ...WATCHERS],
    writers: ['mes-bridge'],
  },

  'serialization.serial-range.v1': {
    ...FACTS,
    owner: 'serialization',
    key: 'lot',
    records: [
      'SerialsCommissioned',
      'SerialsMovedOut',
      'SerialsMovedIn',
      'SerialsScrapped',
      'LabelsPrinted',
      'LabelCheckRecorded',
      'SerialConflictFound',
    ],
    readers: ['qms', 'warehouse', 'field', 'recall', ...WATCHERS],
    writers: ['serialization'],
  },
  'serialization.container.v1': {
    ...FACTS,
    owner: 'serialization',
    key: 'container',
    records: ['ContainerPacked', 'ContainerSealed', 'ContainerUnpacked'],
    readers: ['warehouse', 'field', ...WATCHERS],
    writers: ['serialization'],
  },
  'serialization.gate.v1': {
    ...GATE,
    owner: 'serialization',
    records: GATE_RECORDS,
    readers: ['recall', ...WATCHERS],
    writers: ['serialization'],
  },

  'qms.inspection.v1': {
    ...FACTS,
    owner: 'qms',
    key: 'inspection',
    records: ['InspectionOpened', 'InspectionResultRecorded', 'InspectionDecided'],
    readers: ['receiving', 'mes-bridge', 'warehouse', ...WATCHERS],
    writers: ['qms'],
  },
  'qms.nonconformance.v1': {
    ...FACTS,
    owner: 'qms',
    key: 'nonconformance',
    records: ['NonconformanceOpened', 'NonconformanceClosed'],
    readers: ['receiving', 'mes-bridge', 'warehouse', 'recall', ...WATCHERS],
    writers: ['qms'],
  },
  'qms.release.v1': {
    ...FACTS,
    owner: 'qms',
    key: 'lot',
    records: ['LotReleased', 'LotReleaseRevoked'],
    readers: ['mes-bridge', 'serialization', 'warehouse', 'field', 'recall', ...WATCHERS],
    writers: ['qms'],
  },
  'qms.complaint.v1': {
    ...FACTS,
    owner: 'qms',
    key: 'complaint',
    records: ['ComplaintReceived'],
    readers: ['recall', ...WATCHERS],
    writers: ['qms'],
  },
  'qms.gate.v1': { ...GATE, owner: 'qms', records: GATE_RECORDS, readers: ['recall', ...WATCHERS], writers: ['qms'] },

  'warehouse.site.v1': {
    ...FACTS,
    owner: 'warehouse',
    key: 'site',
    records: ['SiteRegistered', 'LocationRegistered'],
    readers: ['receiving', 'mes-bridge', 'serialization', 'qms', 'warehouse', 'field', 'recall', ...WATCHERS],
    writers: ['warehouse'],
  },
  'warehouse.stock.v1': {
    ...FACTS,
    owner: 'warehouse',
    key: 'lot',
    records: [
      'StockReceived',
      'StockIssued',
      'StockShipped',
      'StockReturned',
      'StockDestroyed',
      'StockScrapped',
      'StockMoved',
      'StockAdjusted',
      'StockStatusChanged',
      'StockSerialsChanged',
      'StockStaged',
    ],
    readers: ['qms', 'recall', ...WATCHERS],
    writers: ['warehouse'],
  },
  'warehouse.shipment.v1': {
    ...FACTS,
    owner: 'warehouse',
    key: 'shipment',
    records: ['ShipmentDispatched'],
    readers: ['serialization', 'field', 'recall', ...WATCHERS],
    writers: ['warehouse'],
  },
  'warehouse.return.v1': {
    ...FACTS,
    owner: 'warehouse',
    key: 'return',
    records: ['ReturnReceived'],
    readers: ['serialization', 'qms', 'field', 'recall', ...WATCHERS],
    writers: ['warehouse'],
  },
  'warehouse.destruction.v1': {
    ...FACTS,
    owner: 'warehouse',
    key: 'destruction',
    records: ['GoodsDestroyed'],
    readers: ['serialization', 'qms', 'field', 'recall', ...WATCHERS],
    writers: ['warehouse'],
  },
  'warehouse.movement-order.v1': {
    ...FACTS,
    owner: 'warehouse',
    key: 'order',
    records: ['MovementOrdered', 'MovementOrderUsed'],
    readers: [...WATCHERS],
    writers: ['warehouse'],
  },
  'warehouse.gate.v1': {
    ...GATE,
    owner: 'warehouse',
    records: GATE_RECORDS,
    readers: ['recall', ...WATCHERS],
    writers: ['warehouse'],
  },

  'field.party.v1': {
    ...FACTS,
    owner: 'field',
    key: 'party',
    records: ['PartyRegistered'],
    readers: ['warehouse', 'field', 'recall', 'notification', 'qms', ...WATCHERS],
    writers: ['field'],
  },
  'field.custody.v1': {
    ...FACTS,
    owner: 'field',
    key: 'custodian|lot',
    records: ['CustodyGained', 'CustodyReduced', 'UnitsUsed'],
    readers: ['recall', 'notification', 'qms', ...WATCHERS],
    writers: ['field'],
  },

  'traceability.scope.v1': {
    ...FACTS,
    owner: 'traceability',
    key: 'question',
    records: ['StandingQuestionRegistered', 'ScopeChanged', 'StandingQuestionClosed'],
    readers: ['recall', ...WATCHERS],
    writers: ['traceability'],
  },
  /** What is missing for answers to be complete, and who sees to it. */
  'traceability.gap.v1': {
    ...FACTS,
    owner: 'traceability',
    key: 'gap',
    records: ['GapOpened', 'GapReopened', 'GapAssigned', 'GapCommented', 'GapPostponed', 'GapClosed'],
    readers: [...WATCHERS],
    writers: ['traceability'],
  },
  /** What partners and middleware told in EPCIS; whoever captured it stands in the event. */
  'traceability.epcis.v1': {
    ...FACTS,
    owner: 'traceability',
    key: 'eventId',
    records: ['EpcisEventCaptured'],
    readers: ['field', ...WATCHERS],
    writers: ['traceability'],
  },

  'recall.case.v1': {
    ...FACTS,
    owner: 'recall',
    key: 'case',
    records: [
      'RecallDrafted',
      'RecallLaunched',
      'RecallFrozen',
      'RecallContained',
      'RecallScopeExtended',
      'RecallFindingRaised',
      'RecallClosed',
    ],
    readers: ['qms', 'notification', 'field', ...WATCHERS],
    writers: ['recall'],
  },
  /** One partition and never compacted: a gate that starts anew reads every hold there ever was, in order. */
  'recall.hold.v1': {
    kind: 'hold',
    owner: 'recall',
    key: 'hold',
    partitions: 1,
    retention: 'forever',
    records: ['HoldPlaced', 'HoldManifest', 'HoldReleased'],
    readers: [...GATES, ...WATCHERS],
    writers: ['recall'],
  },
  'recall.tick.v1': {
    kind: 'tick',
    owner: 'recall',
    key: 'recall',
    partitions: 1,
    retention: 3_600_000,
    records: ['RecallTick'],
    readers: [...GATES, 'surveillance'],
    writers: ['recall'],
  },
  'recall.notice.v1': {
    ...FACTS,
    owner: 'recall',
    key: 'notice',
    records: ['NoticeIssued', 'NoticeClosed'],
    readers: ['notification', 'field', ...WATCHERS],
    writers: ['recall'],
  },

  'notification.delivery.v1': {
    ...FACTS,
    owner: 'notification',
    key: 'notice',
    records: ['NoticeDelivered', 'NoticeDeliveryFailed', 'NoticeEscalated', 'NoticeAnswered'],
    readers: ['recall', 'field', ...WATCHERS],
    writers: ['notification'],
  },

  'identity.signature.v1': {
    ...FACTS,
    owner: 'identity',
    key: 'signatureId',
    records: ['RecordSigned', 'SignatureRenewed'],
    readers: [...WATCHERS],
    writers: ['identity'],
  },
  'identity.security.v1': {
    ...FACTS,
    owner: 'identity',
    key: 'subject',
    records: ['SecurityEventRecorded'],
    readers: [...WATCHERS],
    writers: ['identity'],
  },

  'mes.inbound.v1': {
    ...INBOUND,
    owner: 'mes-bridge',
    key: 'operation, mount or load',
    records: [
      'OperationRecorded',
      'MaterialConsumed',
      'UnitsProduced',
      'OperationVoided',
      'MaterialMounted',
      'MaterialUnmounted',
      'MaterialMountVoided',
      'ProcessLoadRecorded',
      'ProcessLoadVoided',
    ],
    readers: ['mes-bridge', 'audit'],
    writers: ['mes'],
  },
  'lims.inbound.v1': {
    ...INBOUND,
    owner: 'qms',
    key: 'sample',
    records: ['ResultReported'],
    readers: ['qms', 'audit'],
    writers: ['lims'],
  },
  'wms.inbound.v1': {
    ...INBOUND,
    owner: 'warehouse',
    key: 'shipment, return, destruction or lot',
    records: ['GoodsShipped', 'GoodsReturned', 'GoodsDestroyed', 'GoodsMoved'],
    readers: ['warehouse', 'audit'],
    writers: ['wms'],
  },

  'receiving.dead-letter.v1': deadLetter('receiving'),
  'mes-bridge.dead-letter.v1': deadLetter('mes-bridge'),
  'serialization.dead-letter.v1': deadLetter('serialization'),
  'qms.dead-letter.v1': deadLetter('qms'),
  'warehouse.dead-letter.v1': deadLetter('warehouse'),
  'field.dead-letter.v1': deadLetter('field'),
  'traceability.dead-letter.v1': deadLetter('traceability'),
  'recall.dead-letter.v1': deadLetter('recall'),
  'notification.dead-letter.v1': deadLetter('notification'),
  'surveillance.dead-letter.v1': deadLetter('surveillance'),
  'audit.dead-letter.v1': deadLetter('audit'),
  'identity.dead-letter.v1': deadLetter('identity'),
} as const satisfies Topics;

export type TopicName = keyof typeof topics;
