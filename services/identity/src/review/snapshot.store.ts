import type { Deps } from '@lotwarden/platform/service';
import type { Aggregate, AnyEvent, Stored } from '@lotwarden/platform/store';
import type { Accounts } from '../account/account.store.ts';
import type { Devices } from '../device/device.store.ts';
import type { Machines } from '../machine/machine.store.ts';
import type { Links, Providers } from '../provider/provider.store.ts';
import { ofDevice, ofMachine, ofPerson, ofProvider, type Subject } from './subject.ts';

export interface Reviewed extends Pick<Deps, 'clock'> {
  readonly accounts: Accounts;
  readonly machines: Machines;
  readonly devices: Devices;
  readonly providers: Providers;
  readonly links: Links;
}

/** Everybody and everything that has access now, people first. */
export async function snapshot({ accounts, machines, devices, providers, links, clock }: Reviewed): Promise<Subject[]> {
  const now = clock.instant();
  const known = await all(providers, 'active');
  const deciding = new Map(known.map(({ id, state }) => [id, state.status === 'active' && state.rolesFrom === 'provider'])); // prettier-ignore
  const logsInAt = new Map<string, { readonly provider: string; readonly decidesRoles: boolean }[]>();
  for (const { state } of await all(links, 'linked'))
    if (state.status === 'linked') {
      const { account, provider } = state;
      const linked = { provider, decidesRoles: deciding.get(provider) ?? false };
      logsInAt.set(account, [...(logsInAt.get(account) ?? []), linked]);
    }
  const people = (await all(accounts, 'open')).flatMap(({ id, state }) =>
    state.status === 'open' ? [ofPerson(state, logsInAt.get(id) ?? [], now)] : [],
  );
  const systems = (await all(machines, 'open')).flatMap(({ state }) => (state.status === 'open' ? [ofMachine(state)] : [])); // prettier-ignore
  const at = (await all(devices, 'registered')).flatMap(({ id, state }) => (state.status === 'registered' ? [ofDevice(id, state)] : [])); // prettier-ignore
  const outside = known.flatMap(({ id, state }) => (state.status === 'active' ? [ofProvider(id, state)] : []));
  return [...people, ...systems, ...at, ...outside];
}

async function all<S, E extends AnyEvent>(of: Aggregate<S, E>, status: string): Promise<Stored<S>[]> {
  const found: Stored<S>[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await of.find({ 'state.status': status }, { limit: 500, after });
    found.push(...items);
    if (!next) return found;
    after = next;
  }
}
