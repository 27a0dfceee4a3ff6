import type { AnyService } from '@lotwarden/platform/service';
import { ConfigInvalid } from '@lotwarden/platform/config';
import { layOutService } from '@lotwarden/platform/run-service';
import { prepareTogether, supervise } from '@lotwarden/platform/supervise';

/**
 * `SERVICE=receiving,qms node services/main.ts`, or `SERVICE=all`: runs these services in this process until SIGTERM or
 * SIGINT, then ends them in order. `LAY_OUT=only` makes their collections, indexes and topics, and ends: the step of an
 * installation before its first start. The only file that knows every service, and that speaks to the process.
 */
const services: Readonly<Record<string, () => Promise<{ readonly default: AnyService }>>> = {
  receiving: () => import('@lotwarden/receiving'),
  'mes-bridge': () => import('@lotwarden/mes-bridge'),
  qms: () => import('@lotwarden/qms'),
  serialization: () => import('@lotwarden/serialization'),
  warehouse: () => import('@lotwarden/warehouse'),
  field: () => import('@lotwarden/field'),
  traceability: () => import('@lotwarden/traceability'),
  recall: () => import('@lotwarden/recall'),
  notification: () => import('@lotwarden/notification'),
  identity: () => import('@lotwarden/identity'),
  console: () => import('@lotwarden/console'),
};

/** What has not ended by then is left behind; orchestrators kill after 30 s by themselves. */
const LAST_MOMENT_MS = 28_000;
const EXIT_CONFIG = 78; // sysexits.h EX_CONFIG: starting again without other settings is of no use

const wanted = (process.env['SERVICE'] ?? '').split(',').map((name) => name.trim());
const names = wanted.includes('all') ? Object.keys(services) : wanted;
const unknown = names.filter((name) => !Object.hasOwn(services, name));
if (unknown.length > 0) {
  process.stderr.write(
    `SERVICE must name services, separated by commas, or be "all"; not known: "${unknown.join(', ')}".\n` +
      `Known: ${Object.keys(services).join(', ')}.\n`,
  );
  process.exit(EXIT_CONFIG);
}

try {
  // The broker works while the modules are loaded.
  const topicsPrepared = prepareTogether(names, process.env);
  const definitions = await Promise.all(names.map(async (name) => (await load(name)).default));
  if (process.env['LAY_OUT'] === 'only') {
    await Promise.all(definitions.map((one) => layOutService(one, process.env, { topicsPrepared })));
    process.exit(0);
  }
  const supervised = supervise(definitions, process.env, { topicsPrepared });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Shells and orchestrators may send it twice; the second one must not cut the stop short.
    process.on(signal, () => {
      setTimeout(() => process.exit(1), LAST_MOMENT_MS).unref();
      void supervised.stop().then(() => process.exit(0));
    });
  }
  await supervised.ready();
  // One line for whoever started this process: where each service is.
  process.stdout.write(`${JSON.stringify({ ready: supervised.addresses() })}\n`);
} catch (error) {
  if (!(error instanceof ConfigInvalid)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(EXIT_CONFIG);
}

function load(name: string): Promise<{ readonly default: AnyService }> {
  const service = services[name];
  if (service === undefined) throw new Error(`no service ${name}`);
  return service();
}
