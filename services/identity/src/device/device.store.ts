import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, Stored } from '@lotwarden/platform/store';
import { evolve, UNKNOWN_DEVICE, type DeviceEvent, type DeviceState } from './device.ts';

export type Devices = Aggregate<DeviceState, DeviceEvent>;

export const deviceStore = ({ aggregate }: Pick<Deps, 'aggregate'>): Devices =>
  aggregate({
    collection: 'devices',
    initial: UNKNOWN_DEVICE,
    evolve,
    indexes: [{ key: { 'state.thumbprint': 1 } }],
  });

/** All that have this key: two are one too many, and then nobody knows which it is. */
export async function devicesOf(devices: Pick<Devices, 'find'>, thumbprint: string): Promise<Stored<DeviceState>[]> {
  return [...(await devices.find({ 'state.thumbprint': thumbprint }, { limit: 2 })).items];
}

/** What a token says of the device whose key it is bound to; nothing of one that is unknown or blocked. */
export async function deviceClaims(devices: Pick<Devices, 'find'>, thumbprint: string | undefined): Promise<object> {
  if (thumbprint === undefined) return {};
  const [found, another] = await devicesOf(devices, thumbprint);
  if (!found || another || found.state.status !== 'registered') return {};
  const { site } = found.state;
  return { device: found.id, ...(site !== null && { device_site: site }) };
}
