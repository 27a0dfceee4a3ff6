import { Rejected } from '../errors.ts';
import type { Principal } from '../principal.ts';

/** Sites where a registered device is asked for; `*` is all of them. */
export type DeviceSites = readonly string[];

/**
 * Whether somebody acts at a device that is registered, where one is asked for (21 CFR 11.10(h)). Throws `device-unknown`.
 * Systems are no people at a device: their service account is what is known of them.
 *
 * @param named the sites that the request itself names; where it names none, those that the person is bound to count, and
 * of somebody bound to none any site that asks for devices
 */
export function assertKnownDevice(
  { kind, sites, device }: Pick<Principal, 'kind' | 'sites' | 'device'>,
  asking: DeviceSites,
  named: readonly string[],
): void {
  if (kind !== 'person' || asking.length === 0 || device) return;
  const concerned = named.length > 0 ? named : sites;
  if (asking.includes('*') || !concerned || concerned.some((site) => asking.includes(site)))
    throw new Rejected('device-unknown', { sites: (concerned ?? asking).join(', ') });
}

/** The sites where somebody may act from where he is: a device is at one place. */
export function sitesAt({ sites, device }: Pick<Principal, 'sites' | 'device'>): readonly string[] | undefined {
  if (device?.site === undefined) return sites;
  return sites && !sites.includes(device.site) ? [] : [device.site];
}
