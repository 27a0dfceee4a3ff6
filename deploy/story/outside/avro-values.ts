/** decimal(28,9) as Avro writes it: the unscaled integer, two's complement, big endian. */
export function decimal(text: string): Buffer {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const unscaled = BigInt(whole + fraction.padEnd(9, '0')) * (text.startsWith('-') ? -1n : 1n);
  const bytes: number[] = [];
  let rest = unscaled;
  do {
    bytes.unshift(Number(BigInt.asUintN(8, rest)));
    rest >>= 8n;
  } while (!(rest === 0n && (bytes[0] ?? 0) < 128) && !(rest === -1n && (bytes[0] ?? 0) >= 128));
  return Buffer.from(bytes);
}

export const quantity = (value: number | string, unit = 'EA') => ({ value: decimal(String(value)), unit });

/** timestamp-millis. */
export const millis = (moment: string | Date): number => new Date(moment).getTime();
