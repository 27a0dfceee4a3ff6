import { createCipheriv, createDecipheriv, scryptSync } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** Secrets at rest: AES-256-GCM under a key derived from the configured one. `nonce` must be fresh for each sealing. */
export function secretBox(configured: string) {
  const key = scryptSync(configured, 'lotwarden.notification.endpoint', 32);
  return {
    seal(secret: string, nonce: Uint8Array): string {
      const cipher = createCipheriv(ALGORITHM, key, nonce.subarray(0, NONCE));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce.subarray(0, NONCE), cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed: string): string {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE));
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    },
  };
}

export type SecretBox = ReturnType<typeof secretBox>;
