import { topics } from '@lotwarden/contracts/topics';
import { matrix, operationOf, PUBLIC, roles, type Permission } from '@lotwarden/platform/permissions';
import type { Service } from './inventories.ts';
import { restrictedFields } from './restricted-fields.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

function demands(permission: Permission): string {
  const { site, market, ownParty, signed, twoPerson, knownDevice } = operationOf(permission);
  return [
    ...(site ? ['own site'] : []),
    ...(market ? ['own market'] : []),
    ...(ownParty ? ['own party'] : []),
    ...(signed ? [`signed: ${signed.join(', ')}`] : []),
    ...(twoPerson ? ['two people'] : []),
    ...(knownDevice ? ['known device'] : []),
  ].join('; ');
}

/** The matrix as people read it; written anew by `node tools/matrix.ts --write`. */
export function pageOf(services: readonly Service[]): string {
  const operations = Object.keys(matrix) as Permission[];
  const works = services
    .flatMap(({ name, inventory }) => [
      ...(inventory.jobs ?? []).map((job) => [name, `job ${job.name}`]),
      ...(inventory.queues ?? []).map((queue) => [name, `queue ${queue.name}`]),
    ])
    .map(([service = '', what = '']) => [service, what]);
  return `# Who may do what 权限矩阵

Made from the matrix itself (\`platform/src/permissions\`) by \`node tools/matrix.ts --write\`; \`make test\` fails when it is of another time, and asks every route of every service as every role. A role that is not named may not.

## Roles 角色

${tableOf(
  ['Role', 'English', '中文'],
  Object.entries(roles).map(([role, { en, zh }]) => [code(role), en, zh]),
)}

## Operations 操作

${tableOf(
  ['Operation', 'What', '内容', 'Who', 'Besides'],
  operations.map((one) => {
    const { what, by } = operationOf(one);
    return [code(one), what.en, what.zh, by.join(', '), demands(one)];
  }),
)}

## Routes 接口

\`*\` is every service.

${tableOf(
  ['Route', 'Operation'],
  operations.flatMap((one) => operationOf(one).ways.map((way) => [code(way), code(one)])),
)}

Open to everybody, since they prove their caller in another way or show nothing that is ours to guard: ${PUBLIC.map(code).join(', ')}.

## Fields that only some see 受限字段

Left out of answers, lists and tables for everybody else, who cannot ask by them either ([how](disclosure.md)).

${tableOf(
  ['Route', 'Field', 'Operation'],
  restrictedFields(services).map(({ way, path, to, part }) => [
    code(way),
    `${code(path)}${part === 'question' ? ' (asked by)' : ''}`,
    code(to),
  ]),
)}

## Streams 消息主题

A service acts under its own name; what it reads and writes is this and nothing else.

${tableOf(
  ['Topic', 'Written by', 'Read by'],
  Object.entries(topics).map(([topic, { writers, readers }]) => [code(topic), writers.join(', '), readers.join(', ')]),
)}

## Work that comes by itself 后台任务

${tableOf(['Service', 'What'], works)}
`;
}
