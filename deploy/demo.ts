/**
 * `make demo`: servers, services, the seeded story through all of it, its checks; stays up until Ctrl-C. KEEP=0 ends
 * after the checks, with exit code 0 when all of them held. APART=mes-bridge,… gives these services processes of their
 * own, with their ids in run.json: kill one, and see what the others say.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { StackError } from './local/find.ts';
import { checkoutRoot, startStack, type Stack } from './local/stack.ts';
import { limits } from './story/checks/limits.ts';
import { createNarrator, type Narrator } from './story/narrator.ts';
import { play } from './story/play.ts';
import { removeRunFile, writeRunFile } from './story/run-file.ts';
import {
  layOut,
  prepareInstallation,
  startAll,
  type Installation,
  type ServiceProcess,
} from './story/services.client.ts';
import { tidyUp } from './story/tidy-up.client.ts';
import { createWorld, type World } from './story/world.ts';

/** A story cannot wait for a day: a party has this long to answer a class I notice. */
const ANSWER_HOURS = 10 / 3600;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const keep = process.env['KEEP'] !== '0';
const apart = (process.env['APART'] ?? '').split(',').filter((name) => name !== '');
const given = ['KAFKA_BROKERS', 'MONGO_URL', 'REDIS_URL'].some((name) => (process.env[name] ?? '') !== '');

/** Resolves with an exit code at the first signal; a second one is for the impatient. */
const signalled = new Promise<number>((resolve) => {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const [signal, code] of Object.entries(codes)) process.on(signal, () => resolve(code));
});

interface Started {
  stack?: Stack;
  installation?: Installation;
  services?: ServiceProcess;
  /** Those in processes of their own. */
  alone?: readonly ServiceProcess[];
  world?: World;
}

async function demo(started: Started, narrator: Narrator): Promise<boolean> {
  say('Lotwarden: one supplier lot, from the dock to a closed recall · 一个供应商批次,从到货到召回结案\n');
  const stack = await startStack({ ownSignals: true, log: (line) => say(`   ${line}`), onUnexpectedEnd: say });
  started.stack = stack;
  const installation = await prepareInstallation({
    addresses: stack.addresses,
    shared: given,
    answerHours: ANSWER_HOURS,
    apart,
  });
  started.installation = installation;
  await layOut(installation, stack.runDir);
  say('   databases and topics are laid out');
  const { services, apart: alone } = await startAll(installation, stack.runDir, apart);
  started.services = services;
  started.alone = [...alone.values()];
  const processes = alone.size === 0 ? 'one process' : `${String(1 + alone.size)} processes`;
  say(
    `   services: all ready in ${processes} after ${(services.readyMs / 1000).toFixed(1)} s, ${installation.gateway}`,
  );
  const world = await createWorld(installation, narrator);
  started.world = world;
  await writeRunFile(installation, world, alone);
  const { storyMs } = await play(world);
  await limits(world, services, storyMs);
  return narrator.failures().length === 0;
}

function verdict(narrator: Narrator, passed: boolean): void {
  say('');
  for (const { step, claim, seen, expected } of narrator.failures())
    say(`✗ ${step}\n    ${claim}: expected ${expected}, seen ${seen}`);
  say(`${narrator.held()} claims read back and found true, ${narrator.failures().length} not`);
  say(passed ? 'demo: passed' : 'demo: FAILED');
}

async function stayUp(installation: Installation): Promise<void> {
  say(`
What to look at, until Ctrl-C:
   ${installation.gateway}/                    what is there
   ${installation.gateway}/openapi             every service's interface
   ${installation.gateway}/registry/subjects   the event schemas, as a Confluent registry tells them
   .lotwarden/run.json                     addresses, accounts and passwords of this run`);
  await signalled;
}

/** In the reverse order of the start; every part is tried. */
async function end({ stack, installation, services, alone = [], world }: Started): Promise<void> {
  const steps: readonly (() => unknown)[] = [
    () => world?.close(),
    () => services?.stop(),
    // One that somebody has killed is gone already.
    ...alone.map((one) => () => (one.ending() === undefined ? one.stop() : undefined)),
    () => installation && given && tidyUp(installation),
    () => installation?.release(),
    () => removeRunFile(),
    () => stack?.stop(),
  ];
  for (const step of steps)
    await Promise.resolve()
      .then(step)
      .catch((error: unknown) => {
        say(`while ending: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      });
}

function keepLog({ services, stack }: Started): void {
  if (services === undefined || stack === undefined) return;
  const kept = path.join(checkoutRoot, '.lotwarden', 'last-failure.log');
  mkdirSync(path.dirname(kept), { recursive: true });
  copyFileSync(services.logFile, kept);
  say(`The services' log is in ${path.relative(checkoutRoot, kept)}`);
}

const started: Started = {};
const narrator = createNarrator(say);
const outcome = await Promise.race([
  demo(started, narrator).catch((error: unknown) => {
    say(
      error instanceof StackError ? error.message : `\n${error instanceof Error ? (error.stack ?? '') : String(error)}`,
    );
    return false;
  }),
  signalled,
]);
if (typeof outcome === 'number') process.exitCode = outcome;
else {
  verdict(narrator, outcome);
  process.exitCode = outcome ? 0 : 1;
  if (!outcome) keepLog(started);
  if (keep && started.installation && started.services?.ending() === undefined) await stayUp(started.installation);
}
await end(started);
process.exit();
