import {
  each,
  locations,
  machines,
  parties,
  parts,
  people,
  PRODUCT,
  products,
  purchaseOrders,
  sites,
  suppliers,
  type Person,
} from '../cast.ts';
import { firstPassword, type World } from '../world.ts';

/** Accounts, sites, suppliers with qualification and certificates, parts, products, parties and their endpoints. */
export async function masterData(world: World): Promise<void> {
  const { step } = world.narrator;
  await step('the administrator signs in with the one-time password, chooses another, opens the accounts', (s) =>
    accounts(world, s),
  );
  await step('two plants with their locations, machines; suppliers, qualified or not', (s) => plants(world, s));
  await step('parts and products with specification versions and bills of material', (s) => items(world, s));
  await step('distributors and a hospital, each with contacts and an endpoint for notices', (s) =>
    consignees(world, s),
  );
}

type StepArgument = Parameters<Parameters<World['narrator']['step']>[1]>[0];

async function accounts({ as, passwords }: World, { check }: StepArgument): Promise<void> {
  const admin = as.administrator;
  await admin.token();
  await Promise.all(
    Object.entries(people).map(([account, { name, roles }]) =>
      admin.post('identity/accounts', { account, name, roles, password: firstPassword(passwords[account as Person]) }),
    ),
  );
  await Promise.all(Object.values(as).map((caller) => caller.token()));
  const me = await as['quality.wang'].get<{ roles: string[]; temporaryPassword: boolean }>('identity/accounts/me');
  check('who quality.wang is after signing in (code + PKCE)', me, {
    roles: ['quality-manager'],
    temporaryPassword: false,
  });
}

async function plants({ as, moment }: World, { check }: StepArgument): Promise<void> {
  const admin = as.administrator;
  await Promise.all(
    sites.map(async (site) => {
      await as['shipping.sun'].post('warehouse/sites', site);
      for (const location of locations)
        await as['shipping.sun'].post(`warehouse/sites/${site.site}/locations`, location);
    }),
  );
  await Promise.all(machines.map((machine) => admin.post('mes-bridge/equipment', machine)));
  await Promise.all(
    suppliers.map(async ({ supplier, name, parts: qualifiedFor, certificateUntil }) => {
      await admin.post('receiving/suppliers', { supplier, name, country: 'CN' });
      if (qualifiedFor.length > 0)
        await admin.post(`receiving/suppliers/${supplier}/qualifications`, {
          parts: qualifiedFor,
          validFrom: moment(300),
          validUntil: moment(-300),
        });
      await admin.post(`receiving/suppliers/${supplier}/certificates`, {
        certificate: `ISO9001-${supplier}`,
        standard: 'ISO 9001:2015',
        validFrom: moment(700),
        // negative = it ended that many days ago, before the delivery came
        validUntil: certificateUntil < 0 ? moment(40) : moment(-certificateUntil),
      });
    }),
  );
  const expired = await admin.get<{ certificates: { validUntil: string }[] }>('receiving/suppliers/SUP-EX');
  check(
    'the certificate of 旧信电子 ended',
    expired.certificates.map(({ validUntil }) => validUntil),
    [moment(40)],
  );
  await Promise.all(
    purchaseOrders.map(({ part, revision, quantity, ...order }) =>
      as['buyer.li'].post('receiving/purchase-orders', {
        ...order,
        lines: [{ part, revision, quantity: each(quantity) }],
      }),
    ),
  );
}

async function items({ as, moment }: World, { check }: StepArgument): Promise<void> {
  const admin = as.administrator;
  const validFrom = moment(200);
  await Promise.all([
    // An older version of the capacitor's specification, so that it shows which one is in force.
    admin
      .post('receiving/parts', {
        ...parts[0],
        revision: 'A',
        unit: 'EA',
        validFrom: moment(400),
        characteristics: parts[0].characteristics.slice(0, 1),
      })
      .then(() => admin.post('receiving/parts', { ...parts[0], unit: 'EA', validFrom })),
    ...parts.slice(1).map((part) => admin.post('receiving/parts', { ...part, unit: 'EA', validFrom })),
    ...products.map((product) => admin.post('mes-bridge/products', { ...product, validFrom })),
  ]);
  const part = await admin.get<{ revisions: { revision: string; characteristics: unknown[] }[] }>(
    'receiving/parts/CAP-100',
  );
  check(
    'specification versions of CAP-100',
    part.revisions.map(({ revision, characteristics }) => `${revision}: ${characteristics.length} characteristics`),
    ['A: 1 characteristics', 'B: 6 characteristics'],
  );
  const pump = await admin.get<{ revisions: { nameZh: string; bom: { item: string }[] }[] }>(
    `mes-bridge/products/${PRODUCT}`,
  );
  check(
    'bill of material of the 输液泵',
    pump.revisions.map(({ bom }) => bom.map(({ item }) => item)),
    [['BRD-10', 'HSG-300']],
  );
}

async function consignees({ as, consignees: servers }: World, { check }: StepArgument): Promise<void> {
  const admin = as.administrator;
  await Promise.all(
    parties.map(async ({ party, name, nameZh, kind, region }) => {
      await admin.post('field/parties', {
        party,
        name,
        nameZh,
        roles: ['sold-to', 'ship-to', 'custodian', kind],
        region,
        channel: kind === 'hospital' ? 'direct' : 'wholesale',
        country: 'CN',
        contacts: [
          {
            name: `${nameZh} 质量部`,
            role: 'quality',
            email: `quality@${party.toLowerCase()}.example`,
            language: 'zh',
          },
        ],
      });
      const { secret } = await as['recall.chen'].post<{ secret: string }>('notification/endpoints', {
        endpoint: `${party}-recalls`,
        party,
        url: servers[party].url,
      });
      servers[party].trust(secret);
    }),
  );
  const known = await admin.get<{ items: { party: string; nameZh: string }[] }>('field/parties');
  check('parties', known.items.map(({ nameZh }) => nameZh).sort(), parties.map(({ nameZh }) => nameZh).sort());
  const { items: endpoints } = await admin.get<{ items: { status: string; secret?: string }[] }>(
    'notification/endpoints',
  );
  check(
    'endpoints, secrets not shown again',
    endpoints.map(({ status, secret }) => secret ?? status),
    ['active', 'active', 'active', 'active'],
  );
}
