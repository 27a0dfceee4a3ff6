import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aptInstall, isExecutable, mayUseApt } from '@lotwarden/deploy/machine';
import type { Answers, Edges, Units } from './rows.ts';

/** As the distribution's package leaves it. */
const BINARIES = '/usr/lib/postgresql';

/**
 * The same edges in PostgreSQL with an index, and what most ERPs do: a recursive query. Times are taken in the server, so
 * that no client counts against it. Answers with the reason where there is no PostgreSQL and none can be installed.
 */
export async function askPostgres(
  edges: Edges,
  roots: readonly number[],
  units?: Units,
): Promise<Answers | { readonly reason: string }> {
  const binaries = await findBinaries();
  if (binaries === undefined)
    return { reason: 'no PostgreSQL here, and none can be installed (apt-get install postgresql)' };
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-postgres-'));
  const owner = process.getuid?.() === 0 ? numericId('postgres') : undefined;
  const as = owner === undefined ? {} : { uid: owner, gid: owner };
  if (owner !== undefined) chownSync(folder, owner, owner);
  const call = (program: string, args: readonly string[], input = ''): string => {
    const { status, stdout, stderr } = spawnSync(path.join(binaries, program), args, { ...as, cwd: folder, input, encoding: 'utf8', maxBuffer: 1 << 28, env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' } }); // prettier-ignore
    if (status !== 0) throw new Error(`${program}: ${stderr.slice(-500)}`);
    return stdout;
  };
  call('initdb', ['-D', `${folder}/data`, '-A', 'trust', '-U', 'bench', '--no-sync']);
  const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${folder}`, '-c', 'shared_buffers=512MB'];
  const server = spawn(path.join(binaries, 'postgres'), ['-D', `${folder}/data`, ...settings], { ...as, cwd: folder, stdio: 'ignore' }); // prettier-ignore
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    await untilReady(() => spawnSync(path.join(binaries, 'pg_isready'), ['-h', folder]).status === 0);
    const told = call('psql', ['-h', folder, '-U', 'bench', '-d', 'postgres', '-qAt', '-v', 'ON_ERROR_STOP=1'], script(edges, roots, units)); // prettier-ignore
    return told.trim().split('\n').map((line) => { const [ms, reach] = line.split('|'); return { ms: Number(ms), reach: Number(reach) }; }); // prettier-ignore
  } finally {
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function findBinaries(): Promise<string | undefined> {
  const found = newest();
  if (found !== undefined || !mayUseApt(process.env)) return found;
  try {
    await aptInstall(['postgresql'], process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  return newest();
}

function newest(): string | undefined {
  if (spawnSync('ls', [BINARIES]).status !== 0) return undefined;
  const versions = readdirSync(BINARIES).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => path.join(BINARIES, version, 'bin'))
    .find((bin) => isExecutable(path.join(bin, 'initdb')));
}

/** The server refuses to run as root; the package has made it a user. */
const numericId = (user: string): number => Number(spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout);

async function untilReady(isReady: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !isReady();) {
    if (Date.now() > deadline) throw new Error('PostgreSQL does not become ready');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Hash and merge joins are off: a plan made for the whole table would read all of it at each level. */
const script = (edges: Edges, roots: readonly number[], units?: Units): string => `
CREATE UNLOGGED TABLE edge (a int, b int);
COPY edge FROM stdin;
${edges.map(([from, to]) => `${String(from)}\t${String(to)}`).join('\n')}
\\.
CREATE INDEX ON edge (a) INCLUDE (b);
CREATE UNLOGGED TABLE unit (lot int, serial bigint);
${units ? `INSERT INTO unit SELECT lot, lot::bigint * ${String(units.each)} + n FROM unnest(ARRAY[${units.lots.join(',')}]) lot, generate_series(1, ${String(units.each)}) n;` : ''}
CREATE INDEX ON unit (lot) INCLUDE (serial);
VACUUM ANALYZE edge;
VACUUM ANALYZE unit;
SET enable_hashjoin = off; SET enable_mergejoin = off; SET random_page_cost = 1.1; SET jit = off;
CREATE TEMP TABLE took (ms float8, reach int);
DO $$ DECLARE r int; began timestamptz; n int; BEGIN
  FOREACH r IN ARRAY ARRAY[${roots.join(',')}] LOOP
    began := clock_timestamp();
    WITH RECURSIVE reached(lot) AS (SELECT r UNION SELECT edge.b FROM edge JOIN reached ON edge.a = reached.lot)
      ${units ? 'SELECT count(unit.serial) INTO n FROM reached JOIN unit USING (lot)' : 'SELECT count(*) INTO n FROM reached'};
    INSERT INTO took VALUES (extract(epoch FROM clock_timestamp() - began) * 1000, n);
  END LOOP;
END $$;
SELECT ms, reach FROM took;
`;
