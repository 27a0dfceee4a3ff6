import { createHash } from 'node:crypto';
import type { LotRef } from '@lotwarden/contracts/events';

/** As every service has it, for ever; written down here once more because a generator leans on contracts alone. */
const NAMESPACE = '6f1c9f5e-1f0b-5d0c-9a57-7f3f8a1b2c4d';

/** The id that stands for a name nobody knows yet: a UUID, version 5, of system and code. */
export function placeholderOf({ system, code }: LotRef): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(`${system.replaceAll('|', '%7C')}|${code}`)
    .digest()
    .subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `X-${parts.join('-')}`;
}
