import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

const SALT = 16;
const IV = 12;
const TAG = 16;

/** AES-256-GCM under a key derived from the secret with scrypt; `name` is bound to it, so that seals cannot be swapped. */
export async function seal(plain: string, secret: string, name: string): Promise<Buffer> {
  const [salt, iv] = [randomBytes(SALT), randomBytes(IV)];
  const cipher = createCipheriv('aes-256-gcm', await derive(secret, salt, 32), iv).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([salt, iv, cipher.getAuthTag(), sealed]);
}

/** Throws if the secret or the name is another, or a bit has changed. */
export async function unseal(bytes: Buffer, secret: string, name: string): Promise<string> {
  const key = await derive(secret, bytes.subarray(0, SALT), 32);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(SALT, SALT + IV))
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(SALT + IV, SALT + IV + TAG));
  return Buffer.concat([decipher.update(bytes.subarray(SALT + IV + TAG)), decipher.final()]).toString('utf8');
}
