import { holdsOn, mergedLots } from '@lotwarden/platform/gate';
import type { SerialRange } from '@lotwarden/platform/serial-range';
import type { Work } from '@lotwarden/platform/store';
import type { House } from '../house.ts';
import { MATERIALS, type Material } from '../material/material.ts';
import { revisionInForce } from '../product/product.ts';
import type { Knowledge, LotFacts } from './assess-operation.ts';

/** What is known now of these lots, their items and the products made of them: read once, for decisions that read nothing. */
export async function knowLots(
  { lots, products }: Pick<House, 'lots' | 'products'>,
  work: Work,
  ids: readonly string[],
): Promise<Knowledge> {
  const wanted = [...new Set(ids)];
  const merged = await mergedLots(work, lots, wanted);
  const real = (lot: string): string => merged.get(lot) ?? lot;
  const current = [...new Set(wanted.map(real))];
  const documents = await work.load(lots, [...new Set([...current, ...merged.keys()])]);
  const made = new Map(documents.map((lot) => [lot.id, lot]));
  const bought = await work.read<Material>(MATERIALS, current);

  const facts = (lot: string): LotFacts => {
    const document = made.get(real(lot));
    const material = bought.get(real(lot));
    const holds = document?.holds ?? {};
    const before = merged.has(lot) ? (made.get(lot)?.holds ?? {}) : {};
    const gate = {
      heldBy: (serials: readonly SerialRange[]) => holdsOn(holds, serials),
      heldUnknown: (serials: readonly SerialRange[]) => holdsOn(before, serials),
    };
    if (material) return { status: material.status, item: material.item, acceptedAt: material.acceptedAt, ...gate };
    const state = document?.state;
    if (state?.status === 'declared') return { status: 'made', item: state.product, acceptedAt: null, ...gate };
    return { status: 'unknown', item: null, acceptedAt: null, ...gate };
  };

  const items = [...new Set(current.map((lot) => facts(lot).item).filter((item) => item !== null))];
  const specified = new Map((await work.load(products, items)).map(({ id, state }) => [id, state]));
  const units = new Map([...bought.values()].map(({ item, unit }) => [item, unit]));
  return {
    real,
    lot: facts,
    unitOf: (item) => specified.get(item)?.revisions[0]?.unit ?? units.get(item),
    bomOf: (item, moment) => {
      const product = specified.get(item);
      return product && revisionInForce(product, moment)?.bom;
    },
    isProduct: (item) => (specified.get(item)?.revisions.length ?? 0) > 0,
  };
}
