import { Rejected } from '@lotwarden/platform/errors';
import { gs1CheckDigit, isSscc } from '@lotwarden/platform/ids';

/** Digits of an SSCC that company prefix and reference share (GS1 General Specifications 3.2.1, AI 00). */
const BODY = 16;

/** Serial shipping container code: extension digit, company prefix, reference, check digit. Throws `sscc-exhausted`. */
export function sscc(companyPrefix: string, number: number): string {
  const digits = BODY - companyPrefix.length;
  const capacity = 10 ** digits;
  const extension = Math.floor(number / capacity);
  if (extension > 9) throw new Rejected('sscc-exhausted', { companyPrefix });
  const body = `${String(extension)}${companyPrefix}${String(number % capacity).padStart(digits, '0')}`;
  return body + gs1CheckDigit(body);
}

/** Throws `sscc-invalid` for what is not 18 digits with the right last one. */
export function checkSscc(text: string): string {
  if (!isSscc(text)) throw new Rejected('sscc-invalid', { container: text });
  return text;
}
