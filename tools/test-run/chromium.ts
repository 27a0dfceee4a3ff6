import { aptInstall, mayUseApt, onPath } from '@lotwarden/deploy/machine';

type Environment = Parameters<typeof onPath>[1];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** The browser, and letters for the Chinese pages. */
const PACKAGES = ['chromium', 'fonts-wqy-microhei'];

/**
 * A Chromium for the tests of pages: the one that `CHROMIUM` names, one that is there, or the distribution's, installed.
 * @throws with a way out where none of these can be: pages are never left untried.
 */
export async function chromium(env: Environment, install = aptInstall, mayInstall = mayUseApt): Promise<string> {
  const named = env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const present = found(env);
  if (present !== undefined) return present;
  if (mayInstall(env)) await install(PACKAGES, env);
  const installed = found(env);
  if (installed !== undefined) return installed;
  throw new Error(
    `no Chromium for the tests of pages: install one (Debian, Ubuntu: apt-get install ${PACKAGES.join(' ')}) or name one in CHROMIUM`,
  );
}

function found(env: Environment): string | undefined {
  for (const name of NAMES) {
    const path = onPath(name, env);
    if (path !== undefined) return path;
  }
  return undefined;
}
