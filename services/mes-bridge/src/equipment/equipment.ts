import type { EventOf } from '@lotwarden/contracts/events';
import { Rejected } from '@lotwarden/platform/errors';

export type EquipmentEvent = EventOf<'mes-bridge.equipment.v1'>;
export interface Equipment {
  readonly versions: readonly { readonly version: string; readonly name: string; readonly site: string }[];
}

export const UNKNOWN_EQUIPMENT: Equipment = { versions: [] };

export const evolve = (equipment: Equipment, { version, name, site }: EquipmentEvent): Equipment => ({
  versions: [...equipment.versions, { version, name, site }],
});

export function registerEquipment(
  equipment: Equipment,
  asked: { equipment: string; version: string; name: string; site: string },
): EquipmentEvent[] {
  if (equipment.versions.some((v) => v.version === asked.version))
    throw new Rejected('equipment-version-already-registered', { ...asked });
  return [{ type: 'EquipmentRegistered', ...asked }];
}
