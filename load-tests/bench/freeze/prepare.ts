import type { Collection, Filter } from 'mongodb';
import type { House } from './house.ts';
import type { Wire } from './wire.ts';

/** The part of the gate's document that a benchmark looks at. */
export interface StockDocument {
  readonly _id: string;
  readonly version: number;
}

const MANY = { value: '1000000', unit: 'EA' };
const AT = '2026-01-01T08:00:00.000Z';
const SIGNATURE = {
  jws: 'bench',
  signer: 'bench',
  signerName: 'bench',
  meaning: 'release',
  reason: 'bench',
  signedAt: AT,
};

/** Released finished lots with plenty of stock, told as production and quality would tell it. */
export async function prepareStock(
  wire: Wire,
  house: House,
  stock: Collection<StockDocument>,
  lots: readonly string[],
): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(house.url('warehouse') + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
  };
  await post('/sites', { site: 'SZ1', name: 'Bench', country: 'CN', timeZone: 'Asia/Shanghai', bindingMode: 'inline' });
  await post('/sites/SZ1/locations', { location: 'FIN', kind: 'finished' });
  await post('/sites/SZ1/locations', { location: 'LINE', kind: 'line' });
  for (let start = 0; start < lots.length; start += 200) {
    const part = lots.slice(start, start + 200);
    await wire.say(
      'mes-bridge.production-lot.v1',
      part.map((lot) => ({
        subject: lot,
        event: {
          type: 'ProductionLotDeclared',
          lot,
          product: 'IP-200',
          revision: 'A',
          kind: 'finished',
          site: 'SZ1',
          workOrder: null,
          aliases: [],
          placeholder: false,
        } as const,
      })),
    );
  }
  // Where what is made goes depends on its kind: one told after its operation would lie at the line.
  await reached(stock, lots.length, { 'state.kind': 'finished' });
  for (let start = 0; start < lots.length; start += 200) {
    const part = lots.slice(start, start + 200);
    await wire.say(
      'mes-bridge.operation.v1',
      part.map((lot) => ({
        subject: `OP-${lot}`,
        event: {
          type: 'OperationRecorded',
          operation: `OP-${lot}`,
          sourceSystem: 'bench',
          sourceOperation: lot,
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
          startedAt: AT,
          endedAt: AT,
          inputs: [],
          outputs: [{ lot, quantity: MANY, serials: [] }],
          scrap: [],
          violations: [],
        } as const,
      })),
    );
    await wire.say(
      'qms.release.v1',
      part.map((lot) => ({
        subject: lot,
        event: {
          type: 'LotReleased',
          lot,
          product: 'IP-200',
          market: 'CN',
          inspection: 'bench',
          labelVersion: '1',
          review: null,
          signature: SIGNATURE,
        } as const,
      })),
    );
  }
  await reached(stock, lots.length, { 'state.markets': 'CN', 'state.buckets.0': { $exists: true } });
}

async function reached(stock: Collection<StockDocument>, wanted: number, filter: Filter<StockDocument>): Promise<void> {
  const until = performance.now() + 240_000;
  for (;;) {
    const there = await stock.countDocuments(filter);
    if (there >= wanted) return;
    if (performance.now() > until)
      throw new Error(`the warehouse has ${String(there)} of ${String(wanted)} lots after four minutes`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
