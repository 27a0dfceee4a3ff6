import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, string, number, Buffer>(scrypt);

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** Secrets at rest. */
export interface SecretBox {
  /** base64. `name` says whose secret it is and is bound to it: a seal put in another's place does not open. */
  seal(secret: string, name: string): string;
  /** Throws if the configured secret or the name is another one, or a bit has changed. */
  open(sealed: string, name: string): string;
}

/**
 * AES-256-GCM under a key derived with scrypt from what is configured. `purpose` (`notification.endpoint`) keeps boxes
 * apart that happen to have the same configured secret. Deriving takes some 50 ms, off this thread: once a life.
 */
export async function secretBox(configured: string, purpose: string): Promise<SecretBox> {
  const key = await derive(configured, `lotwarden.${purpose}`, 32);
  return {
    seal: (secret, name) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open: (sealed, name) => {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE), { authTagLength: TAG })
        .setAAD(Buffer.from(name))
        .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    },
  };
}
