import { z } from 'zod';
import { words } from './words.ts';

/** What goes over the wire in more than one service, with its limits. */

/** An id or code: no control characters, at most 100. */
export const Code = z
  .string()
  .min(1)
  .max(100)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} ._:/|+-]*$/u,
    words(
      'letters, digits, blanks and . _ : / | + - only, beginning with a letter or digit',
      '只能包含字母、数字、空格和 . _ : / | + -,且以字母或数字开头',
    ),
  );

/** What a release is for. */
export const Market = z
  .string()
  .regex(
    /^([A-Z]{2}|\*)$/,
    words('a country by ISO 3166-1 alpha-2, or * for any', 'ISO 3166-1 两位国家代码,或 * 表示任意'),
  );

/** Words of a person. */
export const Text = z.string().trim().min(1).max(2000);

export const Moment = z.iso
  .datetime({
    offset: true,
    error: words(
      'a moment with its zone is needed, such as 2026-11-23T08:00:00Z',
      '需要带时区的时刻,如 2026-11-23T08:00:00+08:00',
    ),
  })
  .transform((text) => new Date(text).toISOString());

/** A moment in a reply. */
export const Instant = z.string().meta({ format: 'date-time' });

export const Decimal = z
  .string()
  .regex(
    /^-?\d{1,19}(\.\d{1,9})?$/,
    words('a decimal as text, with at most 19 + 9 digits', '以文本表示的小数,最多 19 + 9 位'),
  );

export const Unit = z
  .string()
  .regex(
    /^[A-Z0-9]{1,3}$/,
    words('a UN/ECE Recommendation 20 code such as EA, KGM, MTR', 'UN/ECE 第 20 号建议书单位代码,如 EA、KGM、MTR'),
  );

export const Quantity = z
  .object({ value: Decimal, unit: Unit })
  .meta({ id: 'Quantity', description: 'An exact amount; unit per UN/ECE Recommendation 20' });

export const LotRef = z
  .object({ system: Code, code: Code })
  .meta({ id: 'LotRef', description: 'A lot as some system names it; system `lotwarden` means our own id' });

export const Gtin = z.string().regex(/^\d{14}$/, words('a GTIN-14: 14 digits', 'GTIN-14:14 位数字'));

export const SerialRange = z
  .object({
    gtin: Gtin,
    prefix: z.string().max(20),
    width: z.number().int().min(1).max(15),
    first: z.number().int().min(0),
    last: z.number().int().min(0),
  })
  .refine(({ first, last }) => first <= last, words('first must not be after last', 'first 不能大于 last'))
  .refine(
    ({ width, last }) => String(last).length <= width,
    words('last must not have more digits than width', 'last 的位数不能超过 width'),
  )
  .meta({ id: 'SerialRange', description: 'Dense serials: prefix + number, zero-padded to width; both ends included' });

export const SerialRanges = z.array(SerialRange).max(1000);

export const Characteristic = z
  .object({
    code: Code,
    name: z.string().min(1).max(200),
    kind: z.enum(['chemistry', 'dimension', 'electrical', 'transport-temperature', 'function']),
    source: z.enum(['coa', 'inspection', 'transport']),
    unit: z.string().min(1).max(20),
    lower: Decimal.nullable().default(null),
    upper: Decimal.nullable().default(null),
  })
  .meta({ id: 'Characteristic', description: 'One checked property; limits are inclusive, null = none' });

/** As it leaves: what was said stays readable though the vocabulary may grow. */
export const CharacteristicView = z
  .object({
    code: z.string(),
    name: z.string(),
    kind: z.string(),
    source: z.string(),
    unit: z.string(),
    lower: z.string().nullable(),
    upper: z.string().nullable(),
  })
  .meta({ id: 'CharacteristicView' });

export const CharacteristicResult = z
  .object({
    characteristic: z.string(),
    value: z.string().nullable(),
    unit: z.string(),
    lower: z.string().nullable(),
    upper: z.string().nullable(),
    verdict: z.string(),
  })
  .meta({ id: 'CharacteristicResult' });

export const LotLine = z
  .object({ lot: z.string(), quantity: Quantity, serials: SerialRanges, containers: z.array(z.string()) })
  .meta({ id: 'LotLine', description: 'Goods of one lot' });

export const Violation = z
  .object({ code: z.string(), lot: z.string().nullable(), detail: z.string() })
  .meta({ id: 'Violation', description: 'A rule that a fact broke; the fact stands' });
