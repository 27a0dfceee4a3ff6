import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A small repository in a temporary folder, for tools that judge a tree of files. */
export interface House {
  root: string;
  put: (path: string, content: string | object) => Promise<void>;
  /** A workspace with a name of its own, reachable by it. */
  workspace: (folder: string, manifest: object) => Promise<void>;
  /** Runs a Node script there and gives what it prints, whatever its exit code. */
  run: (script: string, ...args: string[]) => Promise<string>;
  remove: () => Promise<void>;
}

export async function buildHouse(manifest: object, packages: readonly string[]): Promise<House> {
  const root = await mkdtemp(join(tmpdir(), 'rules-'));
  const put = async (path: string, content: string | object) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  await put('package.json', { name: 'house', type: 'module', ...manifest });
  for (const name of packages) {
    await put(`node_modules/${name}/package.json`, { name, version: '1.0.0', main: 'index.js' });
    await put(`node_modules/${name}/index.js`, '');
  }
  return {
    root,
    put,
    workspace: async (folder, more) => {
      const name = `@lotwarden/${folder.replace('services/', '')}`;
      await put(`${folder}/package.json`, { name, version: '1.0.0', type: 'module', ...more });
      await mkdir(join(root, 'node_modules/@lotwarden'), { recursive: true });
      await symlink(join(root, folder), join(root, 'node_modules', name));
    },
    run: async (script, ...args) => {
      const running = promisify(execFile)(process.execPath, [script, ...args], { cwd: root, maxBuffer: 2 ** 24 });
      // a tool that finds something prints it and fails
      const { stdout } = await running.catch((error: unknown) => error as { stdout: string });
      return stdout;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
