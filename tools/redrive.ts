/**
 * `make redrive`: after the cause of a fault is gone, lets parked messages be handled in their order. Ends with 1 if
 * anything remains parked or a service could not be asked.
 */
import { existsSync, readFileSync } from 'node:fs';
import { operations, Run, type Access, type Operations } from './redrive/gateway.client.ts';
import { wishOf, type Wish } from './redrive/wish.ts';

function access(): Access {
  const { GATEWAY: gateway, ACCOUNT: account, PASSWORD: password } = process.env;
  if (gateway !== undefined && account !== undefined && password !== undefined) return { gateway, account, password };
  const file = new URL('../.lotwarden/run.json', import.meta.url);
  if (!existsSync(file))
    throw new Error('Nothing runs here: start `make demo`, or give GATEWAY, ACCOUNT and PASSWORD of an installation.');
  const run = Run.parse(JSON.parse(readFileSync(file, 'utf8')));
  const administrator = run.accounts.find(({ roles }) => roles.includes('administrator'));
  if (administrator === undefined) throw new Error('.lotwarden/run.json names no administrator.');
  return { gateway: gateway ?? run.gateway, account: administrator.account, password: administrator.password };
}

/** True when nothing remains. */
async function redrive(service: string, wish: Wish, at: Operations): Promise<boolean> {
  const told = await at.redrive(service, wish);
  if (!('body' in told)) return unasked(service, told, wish);
  for (const { group, topic, key, handled, remaining, reason } of told.body.items) {
    const rest = remaining === 0 ? 'none remain' : `${remaining} remain: ${reason ?? 'unknown'}`;
    console.log(`${service}: ${topic} ${key} (${group}): ${handled} handled, ${rest}`);
  }
  if (told.body.items.length === 0)
    console.log(`${service}: nothing is parked${wish.key === undefined ? '' : ` under ${wish.key}`}`);
  return told.body.items.every(({ remaining }) => remaining === 0);
}

async function list(service: string, wish: Wish, at: Operations): Promise<boolean> {
  const told = await at.parked(service);
  if (!('body' in told)) return unasked(service, told, wish);
  for (const { group, topic, key, count, detail } of told.body.items)
    console.log(`${service}: ${topic} ${key} (${group}): ${count} parked: ${detail}`);
  if (told.body.items.length === 0) console.log(`${service}: nothing is parked`);
  else console.log('Put them back to work with KEY=<key> or ALL=1.');
  return true;
}

/** Asked for all, a service that is not part of this installation is no failure. */
function unasked(service: string, told: { readonly code: string; readonly detail: string }, wish: Wish): boolean {
  if (wish.service === undefined && told.code === 'service-unreachable') {
    console.log(`${service}: not here`);
    return true;
  }
  console.error(`${service}: ${told.detail}`);
  return false;
}

try {
  const wish = wishOf(process.env, process.argv.slice(2));
  const at = await operations(access());
  const services = wish.service === undefined ? await at.services() : [wish.service];
  const handle = wish.key === undefined && !wish.all ? list : redrive;
  for (const service of services) if (!(await handle(service, wish, at))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
