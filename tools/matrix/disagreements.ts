import { topics } from '@lotwarden/contracts/topics';
import { matrix, operationOf, PUBLIC, type Permission } from '@lotwarden/platform/permissions';
import type { Service } from './inventories.ts';
import { restrictedFields } from './restricted-fields.ts';

/** What the matrix says of routes and what the services have must be the same, both ways. */
export function routeFaults(services: readonly Service[]): string[] {
  const declared = new Map<string, string>(PUBLIC.map((way) => [way, 'public']));
  for (const permission of Object.keys(matrix) as Permission[])
    for (const way of operationOf(permission).ways) declared.set(way, permission);
  const faults: string[] = [];
  const found = new Set<string>();
  for (const { name, inventory } of services)
    for (const { method, path, requires } of inventory.http?.flat() ?? []) {
      const way = `${name} ${method.toUpperCase()} ${path}`;
      found.add(way);
      const said = declared.get(way);
      if (said === undefined) faults.push(`${way} is not in the matrix`);
      else if (said !== requires) faults.push(`${way} asks for ${requires}, the matrix for ${said}`);
    }
  const guarding = new Set(restrictedFields(services).map(({ to }) => to));
  for (const permission of Object.keys(matrix) as Permission[])
    if (operationOf(permission).ways.length === 0 && !guarding.has(permission))
      faults.push(`${permission} lets nobody do or see anything`);
  for (const way of declared.keys()) if (!found.has(way)) faults.push(`${way} is in the matrix and nowhere else`);
  return faults;
}

/** What a change names at the top of its address or body, and the matrix has to say whether anybody may name any of. */
const BOUNDS = ['site', 'market'] as const;

/** An act that names a site or a market is bound to it, in the matrix and so at the way in. */
export function boundFaults(services: readonly Service[]): string[] {
  return services.flatMap(({ name, inventory }) =>
    (inventory.http?.flat() ?? []).flatMap(({ method, path, requires, body }) => {
      if (method === 'get' || method === 'options' || requires === 'public') return [];
      const fields = body !== undefined && 'shape' in body ? Object.keys(body.shape as object) : [];
      return BOUNDS.filter(
        (bound) => (fields.includes(bound) || path.includes(`:${bound}`)) && operationOf(requires)[bound] !== true,
      ).map((bound) => `${name} ${method.toUpperCase()} ${path} names a ${bound}, and ${requires} is not bound to it`);
    }),
  );
}

/** Services that are planned: what they are to read stands in topics.ts already. */
const PLANNED: ReadonlySet<string> = new Set(['surveillance', 'audit']);

/** Who reads a topic has a consumer for it or is its owner, and nobody has one who may not read. */
export function topicFaults(services: readonly Service[]): string[] {
  const faults: string[] = [];
  for (const { name, inventory } of services)
    for (const { topic } of inventory.consumers ?? []) {
      const known = Object.hasOwn(topics, topic) ? topics[topic] : undefined;
      if (!known) faults.push(`${name} reads ${topic}, which topics.ts does not know`);
      else if (!(known.readers as readonly string[]).includes(name))
        faults.push(`${name} reads ${topic}, and topics.ts does not let it`);
    }
  const names = new Set(services.map((service) => service.name));
  for (const [topic, { readers, writers, owner, kind }] of Object.entries(topics)) {
    for (const reader of readers as readonly string[])
      if (!names.has(reader) && !PLANNED.has(reader)) faults.push(`${topic} is read by ${reader}, which is no service`);
    // Outside systems write what is inbound, and nothing else.
    for (const writer of writers as readonly string[])
      if (!names.has(writer) && !PLANNED.has(writer) && kind !== 'inbound')
        faults.push(`${topic} is written by ${writer}, which is no service`);
    if (!names.has(owner) && !PLANNED.has(owner)) faults.push(`${topic} is owned by ${owner}, which is no service`);
  }
  return faults;
}
