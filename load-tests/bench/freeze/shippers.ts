import type { House } from './house.ts';

const SHIPPERS = 8;
const LOTS_A_SHIPMENT = 3;
const SHIPPED_AGAINST_HOLD = 'no-command-shipped-a-lot-whose-hold-was-acknowledged';

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
  // Until somebody asks, an error of the bench waits for whoever stops it.
  const ended = Promise.allSettled(loops);
  return {
    stop: async (): Promise<number> => {
      stopped = true;
      for (const loop of await ended) if (loop.status === 'rejected') throw loop.reason;
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

/** Shipments that a gate let go although it had acknowledged a hold on a lot of theirs, as the warehouse's own books say. */
export async function shippedAgainstHold(house: House): Promise<number> {
  const response = await fetch(`${house.url('warehouse')}/operations/invariants`, {
    headers: { authorization: `Bearer ${house.token}` },
  });
  if (!response.ok) throw new Error(`invariants: ${String(response.status)} ${await response.text()}`);
  const { invariants } = (await response.json()) as {
    readonly invariants: readonly { readonly invariant: string; readonly violators: readonly unknown[] }[];
  };
  const asked = invariants.find(({ invariant }) => invariant === SHIPPED_AGAINST_HOLD);
  if (!asked) throw new Error(`the warehouse knows no invariant ${SHIPPED_AGAINST_HOLD}`);
  return asked.violators.length;
}
