import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventOf, LotLine, SerialRange } from '@lotwarden/contracts/events';
import { ALL_SERIALS, type SerialScope } from '@lotwarden/platform/serial-range';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import type { Role } from '@lotwarden/platform/permissions';
import type { Deps } from '@lotwarden/platform/service';
import type { SignedRecord } from '@lotwarden/platform/signature';
import { acknowledgedSoFar } from '@lotwarden/platform/gate';
import { neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import { ea, line, serials } from './goods.ts';
import { EVIDENCE, type DispatchEvidence } from '../src/shipment/dispatch.store.ts';
import warehouse from '../src/service.ts';

export interface Body {
  readonly code?: string;
  readonly destruction?: string;
  readonly detail?: string;
  readonly record?: SignedRecord;
  readonly left?: { value: string };
  readonly shipment?: string;
  readonly status?: string;
  readonly kind?: string;
  readonly item?: string | null;
  readonly markets?: string[];
  readonly heldBy?: string[];
  readonly serials?: SerialRange[];
  readonly quarantined?: SerialRange[];
  readonly buckets?: { site: string; location: string; quantity: { value: string } }[];
  readonly staged?: { shipment: string; stage: string; quantity: { value: string } }[];
  readonly lines?: LotLine[];
  readonly violations?: { code: string; lot: string | null }[];
  readonly items?: { lot: string; location: string }[];
  readonly next?: string | null;
  readonly invariants?: { invariant: string; violators: { subject: string; detail: string }[] }[];
}

const NO_SIGNATURE = {
  signer: 'qa',
  signerName: 'QA',
  meaning: 'release',
  reason: 'ok',
  signedAt: '2026-11-01T08:00:00.000Z',
  jws: 'x',
};

/** Stands for identity: signs with a key that it publishes. */
async function startIdentity() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'EdDSA' }] });
  const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(jwks);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const act = {
    signerName: '赵',
    roles: ['quality-manager'],
    meaning: 'movement-order',
    reason: 'recall',
    signedAt: '2026-11-02T08:00:00.000Z',
  };
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/signing-keys`,
    sign: (record: SignedRecord, over: { signer: string; meaning?: string; sites?: string[] }): string => {
      const signed = `${text({ alg: 'EdDSA', kid: 'k1' })}.${text({ ...record, ...act, ...over })}`;
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A warehouse on real servers, one site with every kind of place, and what its neighbours say to it. */
export async function openWorld() {
  const world = testEnvironment();
  const identity = await startIdentity();
  let store: Deps['db'] | undefined;
  const watched: typeof warehouse = {
    ...warehouse,
    build: (deps) => {
      store = deps.db;
      return warehouse.build(deps);
    },
  };
  const service = await startService(watched, { world, environment: { SIGNING_KEYS_URL: identity.url } });
  const others = await neighbours(world.topicPrefix);
  let ticking: NodeJS.Timeout | undefined;
  const keepOpen = () => {
    ticking ??= setInterval(() => void others.tick(), 500);
  };
  let messageNumber = 0;

  async function call(
    method: string,
    path: string,
    body?: unknown,
    roles: Role[] = ['shipping-lead', 'auditor', 'system-wms'],
    bound: { readonly sites?: readonly string[]; readonly markets?: readonly string[] } = {},
  ) {
    const signedIn = await service.tokens.headers({ sub: 'zhao', roles, ...bound });
    const response = await fetch(service.address + path, {
      method,
      headers: { 'content-type': 'application/json', ...signedIn },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  const stock = async (lot: string) => (await call('GET', `/stock/${lot}`)).body;
  /** Everything of a lot at all places. */
  const total = (body: Body) => (body.buckets ?? []).reduce((sum, b) => sum + Number(b.quantity.value), 0);
  const at = (body: Body, location: string) => body.buckets?.find((b) => b.location === location)?.quantity.value;

  const tell = {
    received: (lot: string, n: number, over: object = {}) =>
      others.say('receiving.material-lot.v1', lot, {
        type: 'MaterialLotReceived',
        lot,
        part: 'CAP-100',
        revision: 'B',
        supplier: 'SUP',
        supplierLot: `S-${lot}`,
        purchaseOrder: null,
        quantity: ea(n),
        site: 'SZ1',
        location: 'DOCK',
        receivedAt: '2026-11-01T08:00:00.000Z',
        expiresAt: null,
        aliases: [],
        coa: [],
        coaVerdict: 'pass',
        hindrances: [],
        ...over,
      }),
    accepted: (lot: string) =>
      others.say('receiving.material-lot.v1', lot, { type: 'MaterialLotAccepted', lot, inspection: `I-${lot}` }),
    putAway: (lot: string, n: number) =>
      others.say('receiving.material-lot.v1', lot, {
        type: 'MaterialLotPutAway',
        lot,
        quantity: ea(n),
        site: 'SZ1',
        location: 'STORE',
      }),
    declared: (lot: string, over: object = {}) =>
      others.say('mes-bridge.production-lot.v1', lot, {
        type: 'ProductionLotDeclared',
        lot,
        product: 'IP-200',
        revision: 'A',
        kind: 'finished',
        site: 'SZ1',
        workOrder: null,
        aliases: [],
        placeholder: false,
        ...over,
      }),
    operation: (
      operation: string,
      inputs: readonly LotLine[],
      outputs: readonly LotLine[],
      over: { kind?: string; scrap?: readonly LotLine[]; site?: string } = {},
    ) =>
      others.say('mes-bridge.operation.v1', operation, {
        type: 'OperationRecorded',
        operation,
        sourceSystem: 'MES',
        sourceOperation: operation,
        kind: 'make',
        workOrder: null,
        site: 'SZ1',
        equipment: null,
        operator: null,
        parameters: [],
        tools: [],
        gauges: [],
        softwareVersion: null,
        labelVersion: null,
        load: null,
        startedAt: '2026-11-01T08:00:00.000Z',
        endedAt: '2026-11-01T09:00:00.000Z',
        inputs: inputs.map(asInput),
        outputs: outputs.map(asOutput),
        violations: [],
        ...over,
        scrap: (over.scrap ?? []).map(asOutput),
      }),
    inputAdded: (operation: string, input: LotLine, outputs: readonly LotLine[]) =>
      others.say('mes-bridge.operation.v1', operation, {
        type: 'OperationInputAdded',
        operation,
        input: asInput(input),
        outputs: outputs.map(asOutput),
        violations: [],
      }),
    outputAdded: (operation: string, output: LotLine) =>
      others.say('mes-bridge.operation.v1', operation, {
        type: 'OperationOutputAdded',
        operation,
        output: asOutput(output),
        inputs: [],
        violations: [],
      }),
    voided: (operation: string) =>
      others.say('mes-bridge.operation.v1', operation, {
        type: 'OperationVoided',
        operation,
        reason: 'typed wrongly',
        replacedBy: null,
      }),
    released: (lot: string, market = 'CN') =>
      others.say('qms.release.v1', lot, {
        type: 'LotReleased',
        lot,
        product: 'IP-200',
        market,
        inspection: `I-${lot}-final`,
        labelVersion: '1',
        review: null,
        signature: NO_SIGNATURE,
      }),
    commissioned: (lot: string, first: number, last: number) =>
      others.say('serialization.serial-range.v1', lot, {
        type: 'SerialsCommissioned',
        lot,
        product: 'IP-200',
        ranges: serials(first, last),
      }),
    packed: (container: string, contents: readonly LotLine[]) =>
      others.say('serialization.container.v1', container, {
        type: 'ContainerPacked',
        container,
        level: 'carton',
        children: [],
        contents,
        site: 'SZ1',
      }),
    sealed: (container: string, contents: readonly LotLine[], digest = 'd') =>
      others.say('serialization.container.v1', container, {
        type: 'ContainerSealed',
        container,
        digest,
        contents,
      }),
    opened: (container: string) =>
      others.say('serialization.container.v1', container, { type: 'ContainerUnpacked', container, reason: 'recount' }),
    named: (lot: string, code: string, placeholder: string | null) =>
      others.say('mes-bridge.production-lot.v1', lot, {
        type: 'LotAliasAssigned',
        lot,
        alias: { system: 'WMS', code },
        placeholder,
      }),
    wms: (event: object, messageId?: string) => {
      messageNumber += 1;
      return others.say('wms.inbound.v1', 'k', {
        sourceSystem: 'WMS-1',
        messageId: messageId ?? `m-${String(messageNumber)}`,
        occurredAt: '2026-11-02T08:00:00.000Z',
        site: 'SZ1',
        operator: null,
        ...event,
      } as unknown as EventOf<'wms.inbound.v1'>);
    },
    shipped: (shipment: string, lines: readonly LotLine[], over: { custodian?: string } = {}, messageId?: string) =>
      tell.wms(
        {
          type: 'GoodsShipped',
          shipment,
          soldTo: 'DIST',
          shipTo: 'DIST',
          custodian: 'DIST',
          lines: lines.map(inbound),
          ...over,
        },
        messageId,
      ),
    held: async (hold: string, lots: readonly string[], scope: SerialScope = ALL_SERIALS) => {
      const scoped = lots.map((lot) => ({ lot, serials: scope }));
      const named = { hold, case: 'RC-1', epoch: 1 };
      await others.say('recall.hold.v1', hold, {
        type: 'HoldPlaced',
        ...named,
        chunk: 1,
        chunks: 1,
        provisional: true,
        lots: scoped,
      });
      await others.say('recall.hold.v1', hold, { type: 'HoldManifest', ...named, ...holdDigest(scoped) });
      await others.tick();
      await until(async () =>
        (await others.heard('warehouse.gate.v1')).some((e) => e.type === 'HoldAcknowledged' && e.hold === hold),
      );
    },
  };

  await call(
    'POST',
    '/sites',
    { site: 'SZ1', name: '苏州', country: 'CN', timeZone: 'Asia/Shanghai', bindingMode: 'inline' },
    ['administrator'],
  );
  for (const kind of ['dock', 'store', 'quarantine', 'line', 'finished', 'shipping', 'laboratory'])
    await call('POST', '/sites/SZ1/locations', { location: kind.toUpperCase(), kind }, ['administrator']);

  return {
    service,
    others,
    call,
    tell,
    stock,
    total,
    at,
    keepOpen,
    shipment: (lines: readonly object[], over: object = {}) => ({
      site: 'SZ1',
      soldTo: 'DIST',
      shipTo: 'DIST',
      custodian: 'DIST',
      market: 'CN',
      lines,
      ...over,
    }),
    /** A finished lot in the finished store, released for China. */
    finished: async (lot: string, n: number) => {
      await tell.declared(lot);
      await tell.operation(`OP-${lot}`, [], [line(lot, n)]);
      await tell.released(lot);
      await until(async () => {
        const known = await stock(lot);
        return at(known, 'FINISHED') === String(n) && known.markets?.join() === 'CN';
      });
    },
    sign: identity.sign,
    /** An order, signed by somebody who may give one. */
    ordered: async (order: string, over: object): Promise<void> => {
      const asked = { order, site: 'SZ1', reason: 'recall', ...over };
      const as = ['quality-manager'] as const;
      const { body } = await call('POST', '/movement-order-records', asked, [...as]);
      if (!body.record) throw new Error(`no record of ${order}`);
      const signature = identity.sign(body.record, { signer: 'zhao' });
      const given = await call('POST', '/movement-orders', { ...asked, signature }, [...as]);
      if (given.status !== 201) throw new Error(`${order}: ${given.body.code ?? ''}`);
    },
    /** How far its gate has acknowledged by now. */
    acknowledged: () => world.inDatabase('warehouse', acknowledgedSoFar),
    inDatabase: <R>(run: (db: Deps['db']) => Promise<R>) => world.inDatabase('warehouse', run),
    /** Puts a dispatch on record that no decision made: what the invariant is there to find. */
    forge: (evidence: DispatchEvidence) => store?.collection<DispatchEvidence>(EVIDENCE).insertOne(evidence),
    close: async () => {
      clearInterval(ticking);
      identity.close();
      await others.close();
      await service.end();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

const inbound = ({ lot, ...rest }: LotLine) => ({
  ...rest,
  lot: lot.startsWith('WMS:') ? { system: 'WMS', code: lot.slice(4) } : { system: 'lotwarden', code: lot },
});
const asOutput = ({ lot, quantity, serials: ranges }: LotLine) => ({ lot, quantity, serials: ranges });
const asInput = (input: LotLine) => ({ ...asOutput(input), edge: 'material', certainty: 'scanned' });
