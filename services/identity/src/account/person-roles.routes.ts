import { isRole, roles, type Role } from '@lotwarden/platform/permissions';

/** What a person can be; the others belong to services and systems. */
export const PERSON_ROLES = Object.keys(roles)
  .filter(isRole)
  .filter((role) => role !== 'service' && !/^(system|partner)-/.test(role)) as [Role, ...Role[]];
