import type { Caller } from './api.client.ts';
import { eventually } from './eventually.ts';
import type { LotName } from './outside/mes.ts';
import type { World } from './world.ts';

/** How the labels of suppliers and the plants' MES name the lots of the story. */
export const supplierLot = (supplier: string, code: string): LotName => ({ system: `supplier:${supplier}`, code });
export const CAP_1042 = supplierLot('SUP-HX', 'L-1042');
export const CAP_1043 = supplierLot('SUP-HX', 'L-1043');
export const sz1 = (code: string): LotName => ({ system: 'MES-SZ1', code });
export const su2 = (code: string): LotName => ({ system: 'MES-SU2', code });

/** Waits until a reported lot has our own id, and remembers it under the name that the MES gave it. */
export async function learnLot(world: World, { system, code }: LotName): Promise<string> {
  const { lot } = await eventually(
    `lot ${code} of ${system}`,
    () => world.mes.get<{ lot: string }>(`mes-bridge/production-lots/${code}?system=${system}`),
    () => true,
  );
  world.remember(code, lot);
  return lot;
}

export interface Operation {
  readonly operation: string;
  readonly status: string;
  readonly inputs: readonly { readonly lot: string; readonly quantity: { readonly value: string } }[];
  readonly outputs: readonly { readonly lot: string; readonly quantity: { readonly value: string } }[];
  readonly violations: readonly { readonly code: string; readonly lot: string | null; readonly detail: string }[];
}

export const readOperation = (by: Caller, { system, code }: LotName): Promise<Operation> =>
  eventually(
    `operation ${code} of ${system}`,
    () => by.get<Operation>(`mes-bridge/operations/${code}?system=${system}`),
    () => true,
  );

/** What lies in our houses of a lot, all places together; negative in the books counts as such. */
export async function onHand(by: Caller, lot: string, site?: string): Promise<number> {
  const { items } = await by.get<{ items: { site: string; quantity: { value: string } }[] }>(
    `warehouse/stock?lot=${lot}`,
  );
  return items
    .filter((item) => site === undefined || item.site === site)
    .reduce((sum, { quantity }) => sum + Number(quantity.value), 0);
}
