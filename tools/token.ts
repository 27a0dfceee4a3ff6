/**
 * `node tools/token.ts <account>`: an access token of an account of the running demo, for curl. It is good for a quarter
 * of an hour.
 */
import { existsSync, readFileSync } from 'node:fs';
import { signIn } from '@lotwarden/platform/sign-in';
import { z } from 'zod';

const Run = z.object({
  issuer: z.string(),
  accounts: z.array(z.object({ account: z.string(), password: z.string(), roles: z.array(z.string()) })),
});

const file = process.env['LOTWARDEN_RUN_FILE'] ?? new URL('../.lotwarden/run.json', import.meta.url);
const [account = ''] = process.argv.slice(2);
if (existsSync(file)) {
  const { issuer, accounts } = Run.parse(JSON.parse(readFileSync(file, 'utf8')));
  const known = accounts.find((one) => one.account === account);
  if (known) console.log(await signIn({ issuer, account, password: known.password }));
  else {
    console.error(`Whose token? ${accounts.map((one) => `${one.account} (${one.roles.join(', ')})`).join('; ')}`);
    process.exitCode = 1;
  }
} else {
  console.error('Nothing runs here: start `make demo`.');
  process.exitCode = 1;
}
