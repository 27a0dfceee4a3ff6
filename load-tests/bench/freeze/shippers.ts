import type { House } from './house.ts';

const SHIPPERS = 8;
const LOTS_A_SHIPMENT = 3;

/** Ships one unit of three random lots; true if they left. Anything but a yes or a hold is an error of the bench. */
async function ship(house: House, lots: readonly string[]): Promise<boolean> {
  const chosen = new Set<string>();
  while (chosen.size < LOTS_A_SHIPMENT) chosen.add(lots[Math.floor(Math.random() * lots.length)] ?? '');
  const lines = [...chosen].map((lot) => ({ lot, quantity: { value: '1', unit: 'EA' } }));
  const response = await fetch(`${house.url('warehouse')}/shipments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ site: 'SZ1', soldTo: 'D1', shipTo: 'D1', custodian: 'D1', market: 'CN', lines }),
  });
  const text = await response.text();
  if (response.status === 201) return true;
  const { code } = JSON.parse(text) as { code?: string };
  if (code === 'lot-on-hold' || code === 'gate-closed' || code === 'version-conflict') return false;
  throw new Error(`shipment: ${String(response.status)} ${text}`);
}

/** Eight clients that ship as fast as they are answered, until they are stopped; tells how many shipments left. */
export function startShippers(house: House, lots: readonly string[]) {
  let stopped = false;
  let shipped = 0;
  const loops = Array.from({ length: SHIPPERS }, async () => {
    while (!stopped) if (await ship(house, lots)) shipped += 1;
  });
  return {
    stop: async (): Promise<number> => {
      stopped = true;
      await Promise.all(loops);
      return shipped;
    },
  };
}

/** Shipments a second over `milliseconds`. */
export async function throughput(house: House, lots: readonly string[], milliseconds: number): Promise<number> {
  const began = performance.now();
  const shippers = startShippers(house, lots);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return (await shippers.stop()) / ((performance.now() - began) / 1000);
}
