import { gs1CheckDigit } from '@lotwarden/platform/ids';

/** What the data behind an application identifier is and must look like (GS1 General Specifications, section 3). */
export interface ApplicationIdentifier {
  readonly title: string;
  readonly least: number;
  readonly most: number;
  readonly digits: boolean;
  /** `key`: the last of the first digits (all, if no number) is a check digit; `date`: YYMMDD, DD may be 00. */
  readonly check: 'key' | 'date' | null;
  /** How many digits the check digit closes. */
  readonly keyLength: number;
}

/**
 * AI, data title, format: N = digits, X = GS1 character set 82, `..` = up to; `*` = ends in a check digit (`*14+` = the
 * first 14 do), `d` = a date. `n` in an AI is any digit (the implied decimal point).
 */
const TABLE = `
00 SSCC N18*
01 GTIN N14*
02 CONTENT N14*
10 BATCH/LOT X..20
11 PROD_DATE N6d
12 DUE_DATE N6d
13 PACK_DATE N6d
15 BEST_BEFORE N6d
16 SELL_BY N6d
17 USE_BY N6d
20 VARIANT N2
21 SERIAL X..20
22 CPV X..20
235 TPX X..28
240 ADDITIONAL_ID X..30
241 CUST._PART_NO. X..30
242 MTO_VARIANT N..6
243 PCN X..20
250 SECONDARY_SERIAL X..30
251 REF._TO_SOURCE X..30
253 GDTI X..30*13+
254 GLN_EXTENSION_COMPONENT X..20
255 GCN N..25*13+
30 VAR._COUNT N..8
31nn MEASURE N6
32nn MEASURE N6
33nn MEASURE N6
34nn MEASURE N6
35nn MEASURE N6
36nn MEASURE N6
37 COUNT N..8
390n AMOUNT N..15
391n AMOUNT N..18
392n PRICE N..15
393n PRICE N..18
400 ORDER_NUMBER X..30
401 GINC X..30
402 GSIN N17*
403 ROUTE X..30
410 SHIP_TO_LOC N13*
411 BILL_TO N13*
412 PURCHASE_FROM N13*
413 SHIP_FOR_LOC N13*
414 LOC_No. N13*
415 PAY_TO N13*
416 PROD/SERV_LOC N13*
417 PARTY N13*
420 SHIP_TO_POST X..20
421 SHIP_TO_POST X..12
422 ORIGIN N3
423 COUNTRY_INITIAL_PROCESS N..15
424 COUNTRY_PROCESS N3
425 COUNTRY_DISASSEMBLY N..15
426 COUNTRY_FULL_PROCESS N3
710 NHRN_PZN X..20
711 NHRN_CIP X..20
712 NHRN_CN X..20
713 NHRN_DRN X..20
714 NHRN_AIM X..20
715 NHRN_NDC X..20
716 NHRN_AIC X..20
7003 EXPIRY_TIME N10
7007 HARVEST_DATE N..12
7020 REFURB_LOT X..20
7021 FUNC_STAT X..20
7022 REV_STAT X..20
7023 GIAI_ASSEMBLY X..30
7240 PROTOCOL X..20
8002 CMT_NO. X..20
8003 GRAI X..30*14+
8004 GIAI X..30
8006 ITIP N18*14+
8008 PROD_TIME N..12
8009 OPTSEN X..50
8010 CPID X..30
8011 CPID_SERIAL N..12
8012 VERSION X..20
8013 GMN X..25
8017 GSRN_PROVIDER N18*
8018 GSRN_RECIPIENT N18*
8020 REF_No. X..25
8026 ITIP_CONTENT N18*14+
90 INTERNAL X..30
91 INTERNAL X..90
92 INTERNAL X..90
93 INTERNAL X..90
94 INTERNAL X..90
95 INTERNAL X..90
96 INTERNAL X..90
97 INTERNAL X..90
98 INTERNAL X..90
99 INTERNAL X..90
`;

/** The first two digits of AIs whose data ends by its length, without a separator (section 7.8.5). */
const PREDEFINED: ReadonlySet<string> = new Set([
  ...['00', '01', '02', '03', '04', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20'],
  ...['31', '32', '33', '34', '35', '36', '41'],
]);

export const endsByLength = (ai: string): boolean => PREDEFINED.has(ai.slice(0, 2));

const KNOWN: ReadonlyMap<string, ApplicationIdentifier> = new Map(TABLE.trim().split('\n').map(readRow));

function readRow(row: string): [string, ApplicationIdentifier] {
  const [ai = '', title = '', format = ''] = row.split(' ');
  const [, kind, open, number = '', mark, first] = /^([NX])(\.\.)?(\d+)([*d])?(?:(\d+)\+)?$/.exec(format) ?? [];
  const most = Number(number);
  const keyLength = Number(first ?? number);
  return [
    ai,
    {
      title: title.replaceAll('_', ' '),
      least: open === undefined ? most : mark === '*' ? keyLength : 1,
      most,
      digits: kind === 'N',
      check: mark === '*' ? 'key' : mark === 'd' ? 'date' : null,
      keyLength,
    },
  ];
}

export const identifierOf = (ai: string): ApplicationIdentifier | undefined =>
  KNOWN.get(ai) ?? KNOWN.get(`${ai.slice(0, 3)}n`) ?? KNOWN.get(`${ai.slice(0, 2)}nn`);

/** The AI at the beginning of a text; none is the beginning of another. */
export function leadingIdentifier(text: string): string | undefined {
  const digits = /^\d{2,4}/.exec(text)?.[0] ?? '';
  return [2, 3, 4].map((length) => digits.slice(0, length)).find((ai) => ai.length === widthOf(ai) && identifierOf(ai));
}

/** Two digits tell how long the AI is; a measure has four. */
function widthOf(ai: string): number {
  for (const known of KNOWN.keys()) if (known.slice(0, 2) === ai.slice(0, 2)) return known.length;
  return 0;
}

/** GS1 character set 82 (figure 7.11-1). */
const CHARACTERS = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/;

/** Why this cannot be behind that AI; null if it can. */
export function faultOf(ai: string, value: string): string | null {
  const rule = identifierOf(ai);
  if (!rule) return 'ai-unknown';
  if (value.length < rule.least || value.length > rule.most) return 'length';
  if (rule.digits ? !/^\d+$/.test(value) : !CHARACTERS.test(value)) return 'characters';
  if (rule.check === 'date' && !isDate(value)) return 'date';
  if (rule.check !== 'key') return null;
  const key = value.slice(0, rule.keyLength);
  if (!/^\d+$/.test(key)) return 'characters';
  return gs1CheckDigit(key.slice(0, -1)) === key.slice(-1) ? null : 'check-digit';
}

/** YYMMDD; day 00 is the last of the month. */
function isDate(text: string): boolean {
  const [month, day] = [Number(text.slice(2, 4)), Number(text.slice(4))];
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day <= days;
}
