import { administration } from './matrix/administration.ts';
import { disclosure } from './matrix/disclosure.ts';
import { goods } from './matrix/goods.ts';
import { making } from './matrix/making.ts';
import { quality } from './matrix/quality.ts';
import { recalls } from './matrix/recalls.ts';
import { supply } from './matrix/supply.ts';
import { tracing } from './matrix/tracing.ts';
import type { Operation } from './operation.ts';
import { isRole, roles, type Role } from './roles.ts';

export { isRole, roles, type Role };

/** Who may do what: one matrix, reviewed like code. Every route names one of these operations, and each names its routes. */
export const matrix = {
  ...supply,
  ...making,
  ...quality,
  ...goods,
  ...tracing,
  ...recalls,
  ...disclosure,
  ...administration,
};

export type Permission = keyof typeof matrix;

export const isPermission = (name: string): name is Permission => Object.hasOwn(matrix, name);

export const operationOf = (permission: Permission): Operation => matrix[permission];

/** Roles this system does not know grant nothing. */
export const mayDo = (held: readonly string[], permission: Permission): boolean =>
  held.some((role) => isRole(role) && operationOf(permission).by.includes(role));

/** Routes that prove their caller in another way, or show nothing that is ours to guard. */
export const PUBLIC: readonly string[] = [
  'console GET /',
  'console GET /openapi',
  'identity GET /signing-keys',
  'notification POST /answers',
];
