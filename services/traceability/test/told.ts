import type { EpcisGoods } from '@lotwarden/contracts/events';
import type { Fact, FactAbout } from '../src/genealogy/facts.ts';
import { unitLotId, unitOf } from '../src/genealogy/epcis-ids.ts';
import { ea } from './history.ts';

type Captured = FactAbout<'traceability.epcis.v1'>['event'];

/** The product whose serials history.ts gives. */
export const OURS = '06901234567892';
export const THEIRS = '09520123456788';

export const unit = (gtin: string, serial: string): string => `https://id.gs1.org/01/${gtin}/21/${serial}`;
export const ofLot = (lot: string): string => `urn:lotwarden:lot:${lot}`;
export const label = (gtin: string, lot: string): string => `https://id.gs1.org/01/${gtin}/10/${lot}`;
export const pallet = (number: number): string => `https://id.gs1.org/00/${String(number).padStart(18, '0')}`;

/** The node of a unit of which nobody knows the lot. */
export function alone(gtin: string, serial: string): string {
  const found = unitOf(unit(gtin, serial));
  if (!found) throw new Error('no unit');
  return unitLotId(found);
}

interface Telling {
  readonly party?: string | null;
  readonly at?: string;
  readonly transformationID?: string;
  readonly lotNumber?: string;
  readonly replacedBy?: readonly string[];
}

const thing = (role: string, id: string, quantity?: number): EpcisGoods => ({
  role,
  id,
  quantity: quantity === undefined ? null : ea(quantity),
});
export const units = (role: string, ...ids: readonly string[]): EpcisGoods[] => ids.map((id) => thing(role, id));
export const some = (role: string, id: string, quantity: number): EpcisGoods[] => [thing(role, id, quantity)];

/** EPCIS events as they are published once captured. */
export function told(facts: Fact[]) {
  const keep = (eventId: string, wrong: boolean, event: Partial<Captured>, more: Telling): void => {
    const { party = 'D1', at = '2026-11-10T07:00:00.000Z', transformationID, lotNumber, replacedBy } = more;
    const key = `${party ?? ''}/${eventId}${wrong ? '#error' : ''}`;
    facts.push({
      topic: 'traceability.epcis.v1',
      partition: 0,
      offset: facts.length,
      aggregate: key,
      version: 1,
      id: `${key}:1@test`,
      occurredAt: '2026-11-10T08:00:00.000Z',
      event: {
        type: 'EpcisEventCaptured',
        eventId,
        hash: 'ni:///sha-256;0',
        eventType: 'ObjectEvent',
        recordTime: '2026-11-10T08:00:00.000Z',
        occurredAt: at,
        event: JSON.stringify({
          ...(transformationID !== undefined && { transformationID }),
          ...(lotNumber !== undefined && { ilmd: { 'cbvmda:lotNumber': lotNumber } }),
          ...(wrong && { errorDeclaration: { correctiveEventIDs: replacedBy ?? [] } }),
        }),
        action: null,
        bizStep: null,
        source: null,
        destination: null,
        readPoint: null,
        parent: null,
        goods: [],
        declaredWrong: wrong,
        capture: null,
        capturer: 'd1-system',
        party,
        roles: ['partner-epcis'],
        ...event,
      },
    });
  };
  const teller = (wrong: boolean) => ({
    made: (id: string, goods: readonly EpcisGoods[], more: Telling = {}) =>
      keep(id, wrong, { eventType: 'TransformationEvent', goods: [...goods] }, more),
    born: (id: string, goods: readonly EpcisGoods[], more: Telling = {}) =>
      keep(id, wrong, { action: 'ADD', goods: [...goods] }, more),
    seen: (id: string, goods: readonly EpcisGoods[], more: Telling = {}) =>
      keep(id, wrong, { action: 'OBSERVE', goods: [...goods] }, more),
    packed: (id: string, parent: string, goods: readonly EpcisGoods[], more: Telling = {}) =>
      keep(id, wrong, { eventType: 'AggregationEvent', action: 'ADD', parent, goods: [...goods] }, more),
    unpacked: (id: string, parent: string, goods: readonly EpcisGoods[], more: Telling = {}) =>
      keep(id, wrong, { eventType: 'AggregationEvent', action: 'DELETE', parent, goods: [...goods] }, more),
  });
  return { ...teller(false), wrong: teller(true) };
}
