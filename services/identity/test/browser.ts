import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

/** The Chromium of the distribution. Throws with a way out where there is none: these tests are never skipped. */
export async function openBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM'] ?? '';
  const executablePath = named === '' ? await found() : named;
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}

async function found(): Promise<string> {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  for (const name of names) {
    const path = await promisify(execFile)('sh', ['-c', `command -v ${name}`]).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
    if (path !== '') return path;
  }
  throw new Error(`no Chromium: apt-get install chromium, or name one in CHROMIUM (looked for ${names.join(', ')})`);
}
