/** `up`: a stack that stays until `down`, its addresses in .lotwarden/stack.json. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { withLock } from './cache.ts';
import { StackError } from './find.ts';
import { processAlive } from './processes.ts';
import { runningStack, stackFile } from './running-stack.ts';
import { checkoutRoot, startStack } from './stack.ts';

const home = path.dirname(stackFile(checkoutRoot));
const logFile = path.join(home, 'stack.log');

async function up(): Promise<void> {
  await mkdir(home, { recursive: true });
  await withLock(path.join(home, 'stack.lock'), async () => {
    const running = runningStack(checkoutRoot);
    if (running) {
      say(`The stack is already up; using it.`);
    } else {
      await rm(stackFile(checkoutRoot), { force: true });
      await superviseElsewhere();
    }
    const stack = runningStack(checkoutRoot);
    if (!stack) throw new StackError(`The stack ended right after its start; see ${logFile}`);
    say(`KAFKA_BROKERS=${stack.kafka}\nMONGO_URL=${stack.mongo}\nREDIS_URL=${stack.redis}`);
  });
}

/** Starts the supervisor in a session of its own and passes on what it says until the stack is ready. */
async function superviseElsewhere(): Promise<void> {
  await rm(logFile, { force: true });
  const log = openSync(logFile, 'a');
  const supervisor = spawn(process.execPath, [...process.execArgv, import.meta.filename, 'supervise'], {
    cwd: checkoutRoot,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  supervisor.unref();
  let told = 0;
  for (;;) {
    const ended = supervisor.exitCode !== null || supervisor.signalCode !== null;
    const text = readFileSync(logFile, 'utf8');
    process.stdout.write(text.slice(told));
    told = text.length;
    if (existsSync(stackFile(checkoutRoot))) return;
    if (ended) throw new StackError(`The stack did not start; logs: ${home}`);
    await wait(100);
  }
}

async function supervise(): Promise<void> {
  const stack = await startStack({
    log: say,
    onUnexpectedEnd: (message) => {
      say(message);
      process.kill(process.pid, 'SIGTERM');
    },
  });
  const facts = { ...stack.addresses, pids: { supervisor: process.pid, ...stack.pids() }, runDir: stack.runDir };
  const file = stackFile(checkoutRoot);
  await writeFile(`${file}.new`, `${JSON.stringify(facts, null, 2)}\n`);
  await rename(`${file}.new`, file);
  process.on('exit', () => rmSync(file, { force: true }));
  setInterval(() => undefined, 2 ** 30); // servers given by address would not keep us here
}

async function down(): Promise<void> {
  const file = stackFile(checkoutRoot);
  const stack = runningStack(checkoutRoot);
  if (stack) {
    process.kill(stack.pids.supervisor, 'SIGTERM');
    while (Object.values(stack.pids).some(processAlive)) await wait(50);
  }
  await rm(file, { force: true });
  say(stack ? 'The stack is down.' : 'No stack was up.');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const commands: Readonly<Record<string, () => Promise<void>>> = { up, down, supervise };

try {
  const command = commands[process.argv[2] ?? ''];
  if (!command) throw new StackError(`Usage: node deploy/local/cli.ts ${Object.keys(commands).slice(0, 2).join('|')}`);
  await command();
} catch (error) {
  process.stderr.write(`${error instanceof StackError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
