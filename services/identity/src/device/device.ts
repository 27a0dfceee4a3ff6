import { Rejected } from '@lotwarden/platform/errors';

/** What happens to a device that people act at. */
export type DeviceEvent =
  | ({ readonly type: 'DeviceRegistered' } & Registered)
  | { readonly type: 'DeviceKeyReplaced'; readonly key: DeviceKey; readonly thumbprint: string }
  | { readonly type: 'DeviceBlocked' };

/** Public, as a JWK. */
export type DeviceKey =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

export const DEVICE_KINDS = ['scanner', 'terminal', 'printer', 'tablet'] as const;

interface Registered {
  readonly name: string;
  readonly kind: (typeof DEVICE_KINDS)[number];
  /** Where it stands; null = it is carried about. */
  readonly site: string | null;
  readonly key: DeviceKey;
  /** SHA-256 of the key (RFC 7638), by which tokens name it. */
  readonly thumbprint: string;
}

export interface KnownDevice extends Registered {
  /** Blocked for good: whoever finds it again registers it under a new id. */
  readonly status: 'registered' | 'blocked';
}

export type DeviceState = { readonly status: 'unknown' } | KnownDevice;

export const UNKNOWN_DEVICE: DeviceState = { status: 'unknown' };

export function evolve(device: DeviceState, event: DeviceEvent): DeviceState {
  if (event.type === 'DeviceRegistered') {
    const { type: _, ...registered } = event;
    return { status: 'registered', ...registered };
  }
  if (device.status === 'unknown') return device;
  switch (event.type) {
    case 'DeviceKeyReplaced':
      return { ...device, key: event.key, thumbprint: event.thumbprint };
    case 'DeviceBlocked':
      return { ...device, status: 'blocked' };
  }
}

/** Throws `device-id-taken`, also for one that is blocked. */
export function register(known: DeviceState, id: string, asked: Registered): DeviceEvent[] {
  if (known.status !== 'unknown') throw new Rejected('device-id-taken', { device: id });
  return [{ type: 'DeviceRegistered', ...asked }];
}

/** Throws `device-blocked`. */
export function replaceKey(
  known: DeviceState,
  id: string,
  { key, thumbprint }: Pick<Registered, 'key' | 'thumbprint'>,
): DeviceEvent[] {
  const { status, thumbprint: before } = knownDevice(known, id);
  if (status === 'blocked') throw new Rejected('device-blocked', { device: id });
  return before === thumbprint ? [] : [{ type: 'DeviceKeyReplaced', key, thumbprint }];
}

export const block = (known: DeviceState, id: string): DeviceEvent[] =>
  knownDevice(known, id).status === 'blocked' ? [] : [{ type: 'DeviceBlocked' }];

export function knownDevice(device: DeviceState, id: string): KnownDevice {
  if (device.status === 'unknown') throw new Rejected('device-not-there', { device: id });
  return device;
}
