/**
 * `node tools/matrix.ts`: who may do what, as the matrix says it and as the services do it. Every route of every service is
 * asked as every role; routes and topics that one of both does not know are faults. Prints how many there are; `--write`
 * writes docs/identity/matrix.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@lotwarden/contracts/topics';
import { matrix, roles } from '@lotwarden/platform/permissions';
import { format } from 'prettier';
import { boundFaults, routeFaults, topicFaults } from './matrix/disagreements.ts';
import { inventories } from './matrix/inventories.ts';
import { pageOf } from './matrix/page.ts';
import { walk, type Walked } from './matrix/walk.ts';

const services = await inventories();
const faults = [...routeFaults(services), ...topicFaults(services), ...boundFaults(services)];
const PAGE = join(import.meta.dirname, '../docs/identity/matrix.md');
const page = await format(pageOf(services), { parser: 'markdown' });
if (process.argv.includes('--write')) writeFileSync(PAGE, page);
else if (readFileSync(PAGE, 'utf8') !== page)
  faults.push('docs/identity/matrix.md is of another time: node tools/matrix.ts --write');

const walks: Walked[] = [];
// One after the other: each opens as many connections as it needs.
for (const service of services) walks.push(await walk(service));
faults.push(...walks.flatMap((walked) => walked.faults));
const works = services.flatMap(({ inventory }) => [
  ...(inventory.consumers ?? []),
  ...(inventory.jobs ?? []),
  ...(inventory.queues ?? []),
  ...(inventory.sagas ?? []),
]);
const sum = (of: 'routes' | 'asked'): string => String(walks.reduce((total, walked) => total + walked[of], 0));
const count = (of: object): string => String(Object.keys(of).length);
const size = `${count(matrix)} operations x ${count(roles)} roles; ${sum('routes')} routes, ${String(works.length)} consumers and jobs, ${count(topics)} topics`;
if (faults.length > 0) console.log(faults.join('\n'));
console.log(
  `matrix: ${size}; ${sum('asked')} questions, ${faults.length === 0 ? 'all agree' : `${String(faults.length)} disagree`}`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
