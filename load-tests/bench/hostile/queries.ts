/** One hostile request, or several after each other on what the first one answered. */
export interface Hostile {
  readonly name: string;
  readonly body: unknown;
  /** What to do with the answer: read all pages of a list, throw forged cursors at it, or leave before it comes. */
  readonly then?: 'pages' | 'forged' | 'leave';
}

/** Names that the hostile factory has. */
export interface Targets {
  readonly lots: readonly string[];
  readonly operations: readonly string[];
  readonly chain: readonly string[];
  readonly fan: string;
  readonly dense: readonly string[];
  readonly ring: readonly string[];
}

const FORGED = ['', '-1', '1e9', 'NaN', '9007199254740993', '%00', '../../etc', 'x'.repeat(1_999), '0x10', '１２'];
export const forgedCursors = FORGED;

const DIRECTIONS = ['forward', 'backward', 'siblings'] as const;

/** At least two hundred: everything as root, deep, wide, dense, round, filters that match all, nonsense, leaving early. */
export function hostileQueries({ lots, operations, chain, fan, dense, ring }: Targets): Hostile[] {
  const some = (from: readonly string[], many: number): string[] => from.slice(0, many);
  const queries: Hostile[] = [];
  const add = (name: string, body: unknown, then?: Hostile['then']): void => void queries.push({ name, body, ...(then ? { then } : {}) }); // prettier-ignore
  for (const direction of DIRECTIONS) {
    for (const many of [100, 500, 1_000]) add(`${String(many)} roots ${direction}`, { roots: some(lots, many), direction }, 'pages'); // prettier-ignore
    for (const many of [1_001, 5_000])
      add(`${String(many)} roots ${direction}`, { roots: some(lots, many), direction });
    add(`the same root a thousand times ${direction}`, { roots: Array.from({ length: 1_000 }, () => lots[0]), direction }); // prettier-ignore
    add(`operations as roots ${direction}`, { roots: some(operations, 500).map((operation) => ({ operation })), direction }, 'pages'); // prettier-ignore
    for (const where of [
      { site: 'PL1' },
      { site: 'PL2', from: '1970-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' },
      { kind: 'make' },
    ])
      add(`filter ${JSON.stringify(where)} ${direction}`, { roots: [{ operations: where }], direction }, 'pages');
    for (const where of [{ site: 'PL1' }, { supplier: 'SUP-0' }, { item: 'M-00' }])
      add(`filter ${JSON.stringify(where)} ${direction}`, { roots: [{ lots: where }], direction }, 'pages');
    for (const at of [0, Math.floor(chain.length / 2), chain.length - 1])
      add(`deep chain from ${String(at)} ${direction}`, { roots: [chain[at]], direction }, at === 0 ? 'pages' : undefined); // prettier-ignore
    add(`wide fan ${direction}`, { roots: [fan], direction }, 'pages');
    add(`dense ${direction}`, { roots: some(dense, 1), direction }, 'pages');
    add(`all of the dense ${direction}`, { roots: dense, direction });
    add(`ring ${direction}`, { roots: some(ring, 1), direction }, 'pages');
    add(`whole ring ${direction}`, { roots: ring, direction });
    for (const hops of [1, 2, 10_000]) add(`hops ${String(hops)} ${direction}`, { roots: some(lots, 300), direction, hops }); // prettier-ignore
    for (const hops of [0, -1, 1e9, 1.5, '3']) add(`hops ${String(hops)} ${direction}`, { roots: some(lots, 1), direction, hops }); // prettier-ignore
    for (let hops = 3; hops <= 10; hops++) add(`the last lots, hops ${String(hops)} ${direction}`, { roots: lots.slice(-400), direction, hops }, 'pages'); // prettier-ignore
    for (const first of [0, 500, 501, -1]) add(`first ${String(first)} ${direction}`, { roots: [chain[0]], direction, first }); // prettier-ignore
    add(`forged cursors ${direction}`, { roots: [fan], direction }, 'forged');
    for (let leaver = 0; leaver < 8; leaver++) add(`leaves early ${String(leaver)} ${direction}`, { roots: some(lots, 1_000), direction }, 'leave'); // prettier-ignore
  }
  for (const body of [null, [], 'roots', 42, {}, { roots: [] }, { roots: [''] }, { roots: [null] }, { roots: [{}] }])
    add(`nonsense ${JSON.stringify(body)}`, body);
  for (const root of [
    '__proto__',
    'constructor',
    'x'.repeat(200),
    'x'.repeat(100_000),
    '\u0000',
    '批次',
    '"}]',
    '*',
    '%',
    '$where',
  ])
    add(`root ${JSON.stringify(root).slice(0, 30)}`, { roots: [root] });
  for (const depth of [10, 1_000, 50_000]) add(`nested ${String(depth)}`, { roots: ['['.repeat(depth)] });
  const range = { gtin: '06901234567892', prefix: '', width: 12, first: 1, last: 999_999_999_999 };
  add('all serials there can be', { roots: [{ serials: [range] }] });
  add('a serial range backward', { roots: [{ serials: [{ ...range, first: 9, last: 1 }] }] });
  add('a thousand ranges', { roots: [{ serials: Array.from({ length: 1_000 }, (_, n) => ({ ...range, first: 2 * n, last: 2 * n })) }] }); // prettier-ignore
  add('units of a lot', { roots: [{ lot: lots[0], serials: Array.from({ length: 1_000 }, (_, n) => ({ ...range, first: 2 * n, last: 2 * n })) }] }); // prettier-ignore
  add('absurd times', { roots: [{ operations: { site: 'PL1', from: '+275760-09-13T00:00:00Z' } }] });
  add('times the wrong way round', { roots: [{ operations: { site: 'PL1', from: '2030-01-01T00:00:00Z', to: '1990-01-01T00:00:00Z' } }] }); // prettier-ignore
  add('parameter of any value', {
    roots: [{ operations: { parameter: { name: 'x', above: '-999999999999999999' } } }],
  });
  for (let each = 0; each < 30; each++)
    add(`unknown names ${String(each)}`, { roots: Array.from({ length: 1_000 }, (_, n) => `no-${String(each)}-${String(n)}`), skipUnknown: each % 2 === 0 }); // prettier-ignore
  for (const minOffsets of [
    [{ topic: 'mes-bridge.operation.v1', partition: 0, next: 2 ** 52 }],
    Array.from({ length: 3_000 }, () => ({ topic: 'x', partition: 0, next: 1 })),
  ])
    add('offsets nobody has', { roots: some(lots, 1), minOffsets });
  return queries;
}
