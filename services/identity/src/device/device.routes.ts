import { Rejected } from '@lotwarden/platform/errors';
import { created, ok, page, pageOf, pageQuery, route } from '@lotwarden/platform/http';
import { Code, Text } from '@lotwarden/platform/http-schemas';
import { words } from '@lotwarden/platform/http-words';
import { assertOwnSite } from '@lotwarden/platform/own-site';
import type { Stored } from '@lotwarden/platform/store';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import type { SecurityLog } from '../security/security-log.store.ts';
import { block, DEVICE_KINDS, knownDevice, register, replaceKey, type DeviceKey, type DeviceState } from './device.ts';
import { devicesOf, type Devices } from './device.store.ts';

const Coordinate = z.string().regex(/^[\w-]{43}$/);
/** Private parts are refused, not dropped: whoever sends one must not go on using it. */
const Key = z
  .discriminatedUnion('kty', [
    z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: Coordinate, y: Coordinate }),
    z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: Coordinate }),
  ])
  .meta({ description: 'public key as JWK; the private one never leaves the device' });

const DeviceView = z
  .object({
    device: z.string(),
    name: z.string(),
    kind: z.enum(DEVICE_KINDS),
    site: z.string().nullable(),
    status: z.enum(['registered', 'blocked']),
    thumbprint: z.string(),
    rev: z.number().int(),
  })
  .meta({ id: 'Device' });

function view({ id, state, rev }: Stored<DeviceState>) {
  const { name, kind, site, status, thumbprint } = knownDevice(state, id);
  return { device: id, name, kind, site, status, thumbprint, rev };
}

interface Needs {
  readonly devices: Devices;
  readonly security: Pick<SecurityLog, 'report'>;
}

/** Scanners and terminals that people act at (21 CFR 11.10(h)). */
export function deviceRoutes({ devices, security }: Needs) {
  const told = (subject: string, actor: string, reason: string): Promise<void> =>
    security.report({ kind: 'device-changed', subject, actor, reason });

  async function thumbprintOf(key: DeviceKey, device: string): Promise<string> {
    const thumbprint = await calculateJwkThumbprint(key);
    if ((await devicesOf(devices, thumbprint)).some(({ id }) => id !== device)) throw new Rejected('device-key-taken');
    return thumbprint;
  }

  return [
    route({
      method: 'post',
      path: '/devices',
      requires: 'device.manage',
      summary: { en: 'Register a scanner or terminal', zh: '登记扫描枪或终端' },
      body: z.object({
        device: z
          .string()
          .regex(/^[A-Za-z0-9][\w.-]{1,59}$/, words('letters, digits, dots and hyphens', '字母、数字、点和连字符')),
        name: Text.max(200),
        kind: z.enum(DEVICE_KINDS),
        site: Code.nullable().default(null).meta({ description: 'where it stands: nobody acts elsewhere with it' }),
        key: Key,
      }),
      reply: { 201: DeviceView },
      errors: ['device-id-taken', 'device-key-taken'],
      handle: async ({ body: { device, ...asked }, context }) => {
        const thumbprint = await thumbprintOf(asked.key, device);
        const decide = (state: DeviceState) => register(state, device, { ...asked, thumbprint });
        const registered = await devices.change(device, context, decide);
        await told(device, context.actor, 'registered');
        return created(view(registered), { location: `/devices/${device}` });
      },
    }),
    route({
      method: 'get',
      path: '/devices',
      requires: 'device.read',
      summary: { en: 'Registered devices', zh: '设备列表' },
      query: z.object(pageQuery),
      reply: { 200: pageOf(DeviceView) },
      handle: async ({ query }) => {
        const found = await devices.find({}, { limit: query.limit, after: query.cursor });
        return ok(page(found.items.map(view), found.next));
      },
    }),
    route({
      method: 'get',
      path: '/devices/:device',
      requires: 'device.read',
      summary: { en: 'A device', zh: '查询设备' },
      reply: { 200: DeviceView },
      errors: ['device-not-there'],
      handle: async ({ params: { device } }) => {
        const found = await devices.get(device);
        if (!found) throw new Rejected('device-not-there', { device });
        return ok(view(found));
      },
    }),
    route({
      method: 'post',
      path: '/devices/:device/keys',
      requires: 'device.manage',
      summary: { en: 'Give a device another key; the one before opens nothing more', zh: '更换设备密钥' },
      body: z.object({ key: Key, reason: Text }),
      reply: { 201: DeviceView },
      errors: ['device-not-there', 'device-blocked', 'device-key-taken'],
      handle: async ({ params: { device }, body: { key, reason }, context }) => {
        const thumbprint = await thumbprintOf(key, device);
        const decide = (state: DeviceState) => {
          const { site } = knownDevice(state, device);
          // To block is open to every administrator: whoever hears first that a device is lost stops it.
          if (site !== null) assertOwnSite(context, site);
          return replaceKey(state, device, { key, thumbprint });
        };
        const changed = await devices.change(device, { ...context, reason }, decide);
        await told(device, context.actor, reason);
        return created(view(changed));
      },
    }),
    route({
      method: 'post',
      path: '/devices/:device/blocks',
      requires: 'device.manage',
      summary: { en: 'Block a device that is lost or taken out of use, for good', zh: '永久停用设备' },
      body: z.object({ reason: Text }),
      reply: { 201: DeviceView },
      errors: ['device-not-there'],
      handle: async ({ params: { device }, body: { reason }, context }) => {
        const blocked = await devices.change(device, { ...context, reason }, (state) => block(state, device));
        await told(device, context.actor, reason);
        return created(view(blocked));
      },
    }),
  ];
}
