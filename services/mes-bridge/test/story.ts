import type { EventOf, InboundInput, InboundOutput, RecordOf } from '@lotwarden/contracts/events';
import { holdDigest } from '@lotwarden/platform/hold-digest';
import type { Role } from '@lotwarden/platform/permissions';
import { refusals } from '@lotwarden/platform/testing/bad-input';
import { neighbours } from '@lotwarden/platform/testing/neighbours';
import { startService, testEnvironment } from '@lotwarden/platform/testing/service';
import { until } from '@lotwarden/platform/testing/until';
import mesBridge from '../src/service.ts';

type Inbound = EventOf<'mes.inbound.v1'>;
type Recorded = Extract<Inbound, { type: 'OperationRecorded' }>;

const keyOf = (event: Inbound): string => {
  if ('mount' in event) return event.mount;
  // An operation may name the load it was part of, so its own name first.
  return 'operation' in event ? event.operation : event.load;
};

const ROLES: Role[] = ['planner', 'production-lead', 'auditor'];

export const ea = (value: number) => ({ value: String(value), unit: 'EA' });
export const used = (system: string, code: string, n: number): InboundInput => ({
  lot: { system, code },
  quantity: ea(n),
  edge: 'material',
  certainty: 'scanned',
  serials: [],
});
export const made = (code: string, product: string, n: number): InboundOutput => ({
  lot: { system: 'MES-SZ', code },
  product,
  quantity: ea(n),
  serials: [],
});

interface Coded {
  readonly code: string;
}

/** Of every answer here what a test reads of it. */
interface Body {
  readonly code?: string;
  readonly status?: string;
  readonly lot: string;
  readonly heldBy: readonly string[];
  readonly answer?: string;
  readonly reasons: readonly Coded[];
  readonly items: readonly { readonly circumstances: { readonly sourceOperation: string } }[];
  readonly operation?: string;
  readonly replacedBy?: string;
  readonly inputs: readonly { readonly lot: string; readonly certainty: string }[];
  readonly outputs?: readonly object[];
  readonly violations?: readonly Coded[];
  readonly invariants?: unknown;
}

/** The service on real servers, with what its neighbours say. */
export async function story() {
  const world = testEnvironment();
  let service = await startService(mesBridge, { world });
  const others = await neighbours(world.topicPrefix);
  const ticking = setInterval(() => void others.tick(), 500);
  let messages = 0;

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const signedIn = await service.tokens.headers({ sub: 'wang', roles: ROLES });
    const response = await fetch(service.address + path, {
      method,
      headers: { 'content-type': 'application/json', ...signedIn, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  const inbound = () => {
    messages += 1;
    return {
      sourceSystem: 'MES-SZ',
      messageId: `m-${String(messages)}`,
      occurredAt: '2026-11-02T02:00:00.000Z',
      site: 'SZ1',
      operator: 'wang',
      workOrder: 'WO-1',
    };
  };
  const report = (event: Inbound) => others.say('mes.inbound.v1', keyOf(event), event);

  const operation = async (code: string) => (await call('GET', `/operations/${code}?system=MES-SZ`)).body;

  return {
    call,
    operation,
    world,
    others,
    refusals: (asked: Omit<Parameters<typeof refusals>[1], 'roles'>) => refusals(service, { ...asked, roles: ROLES }),
    /** Stops the service; it comes up again on what "between" left of its database. */
    restart: async (between: () => Promise<void>) => {
      await service.stop();
      await between();
      service = await startService(mesBridge, { world });
    },
    lot: async (code: string) => (await call('GET', `/production-lots/${code}?system=MES-SZ`)).body,
    violations: async (code: string): Promise<string[]> =>
      ((await operation(code)).violations ?? []).map((violation) => violation.code),

    recorded: async (code: string, flows: Partial<Recorded>) => {
      const event: Recorded = {
        type: 'OperationRecorded',
        ...inbound(),
        operation: code,
        kind: 'make',
        equipment: 'SMT-1',
        parameters: [{ name: 'peak-temperature', value: '245', unit: 'CEL' }],
        tools: [],
        gauges: [],
        softwareVersion: null,
        labelVersion: null,
        load: null,
        startedAt: '2026-11-02T01:00:00.000Z',
        endedAt: '2026-11-02T02:00:00.000Z',
        inputs: [],
        outputs: [],
        scrap: [],
        ...flows,
      };
      await report(event);
      return event;
    },
    again: report,
    consumed: (code: string, input: InboundInput) =>
      report({ type: 'MaterialConsumed', ...inbound(), operation: code, input }),
    produced: (code: string, output: InboundOutput) =>
      report({ type: 'UnitsProduced', ...inbound(), operation: code, output }),
    voided: (code: string, replacedBy: string | null) => {
      const { workOrder: _, ...facts } = inbound();
      return report({ type: 'OperationVoided', ...facts, operation: code, reason: 'wrong lot scanned', replacedBy });
    },

    mounted: (
      mount: string,
      lot: InboundInput['lot'],
      more: Partial<RecordOf<'mes.inbound.v1', 'MaterialMounted'>> = {},
    ) => {
      const { workOrder: _, ...facts } = inbound();
      const place = { mount, equipment: 'SMT-9', position: 'F1', lot, quantity: ea(1000), mixing: false };
      return report({ type: 'MaterialMounted', ...facts, ...place, ...more });
    },
    unmounted: (mount: string, more: Partial<RecordOf<'mes.inbound.v1', 'MaterialUnmounted'>> = {}) => {
      const { workOrder: _, ...facts } = inbound();
      const place = { mount, equipment: 'SMT-9', position: 'F1', lot: null, remaining: ea(10) };
      return report({ type: 'MaterialUnmounted', ...facts, ...place, ...more });
    },
    loaded: (load: string, more: Partial<RecordOf<'mes.inbound.v1', 'ProcessLoadRecorded'>> = {}) => {
      const { workOrder: _, ...facts } = inbound();
      const time = { startedAt: '2026-11-02T01:00:00.000Z', endedAt: null };
      const shared = { load, kind: 'steriliser', equipment: 'ETO-1', ...time, parameters: [], members: [], operations: [], serves: [] }; // prettier-ignore
      return report({ type: 'ProcessLoadRecorded', ...facts, ...shared, ...more });
    },

    /** A supplier lot of receiving's, `M-<code>`. */
    received: async (code: string, part: string, accepted = true) => {
      const lot = `M-${code}`;
      await others.say('receiving.material-lot.v1', lot, {
        type: 'MaterialLotReceived',
        lot,
        part,
        revision: 'A',
        supplier: 'SUP-HX',
        supplierLot: code,
        purchaseOrder: null,
        quantity: ea(4000),
        site: 'SZ1',
        location: 'DOCK',
        receivedAt: '2026-11-01T08:00:00.000Z',
        expiresAt: null,
        aliases: [],
        coa: [],
        coaVerdict: 'pass',
        hindrances: [],
      });
      if (accepted)
        await others.say('receiving.material-lot.v1', lot, { type: 'MaterialLotAccepted', lot, inspection: 'I' });
      return lot;
    },

    /** A hold as recall places it; waits until the gate has acknowledged it. */
    held: async (hold: string, lots: readonly string[]) => {
      const named = { hold, case: hold, epoch: 1 };
      const all = lots.map((lot) => ({ lot, serials: { mode: 'all', ranges: [] } }));
      const placed = { type: 'HoldPlaced', ...named, chunk: 1, chunks: 1, provisional: false, lots: all } as const;
      await others.say('recall.hold.v1', hold, placed);
      await others.say('recall.hold.v1', hold, { type: 'HoldManifest', ...named, ...holdDigest(all) });
      await others.tick();
      await until(async () =>
        (await others.heard('mes-bridge.gate.v1')).some((e) => e.type === 'HoldAcknowledged' && e.hold === hold),
      );
    },

    startCheck: async (product: string, inputs: readonly InboundInput[], equipment: string | null = null) => {
      const asked = inputs.map(({ lot, quantity }) => ({ lot, quantity }));
      const body = { workOrder: 'WO-1', site: 'SZ1', product, equipment, inputs: asked };
      return (await call('POST', '/start-checks', body)).body;
    },

    end: async () => {
      clearInterval(ticking);
      await others.close();
      await service.end();
    },
  };
}

export type Story = Awaited<ReturnType<typeof story>>;
