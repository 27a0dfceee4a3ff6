import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultOf, leadingIdentifier } from './application-identifiers.ts';
import { hibcCheck, readHibc } from './hibc.ts';
import { readScan, said } from './scan.ts';

const pairs = (text: string) => readScan(text)?.elements.map(({ ai, value }) => [ai, value]);
const VECTOR = [
  ['01', '09520123456788'],
  ['10', 'ABC1'],
  ['21', '12345'],
  ['17', '180426'],
];

test('one label in all the forms that a scanner, a person and a link give it', () => {
  for (const text of [
    '^010952012345678810ABC1^2112345^17180426',
    ']d2010952012345678810ABC1\u001d2112345\u001d17180426',
    ']C1\u001d010952012345678810ABC1\u001d2112345\u001d17180426',
    '010952012345678810ABC1{GS}2112345<GS>17180426',
    '010952012345678810ABC1\u241d2112345\u241d17180426',
    '(01)09520123456788(10)ABC1(21)12345(17)180426',
    ' (01) 09520123456788 (10) ABC1 (21) 12345 (17) 180426 ',
    'https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426',
    'https://example.com/shop/01/09520123456788/10/ABC1/21/12345?17=180426&utm=x',
    'https://id.gs1.org/01/9520123456788/10/ABC1/21/12345?17=180426',
  ])
    expect(pairs(text)).toEqual(VECTOR);
});

test('an EPC is what its Digital Link says', () => {
  expect(pairs('urn:epc:id:sgtin:9520123.045678.12345')).toEqual([
    ['01', '09520123456788'],
    ['21', '12345'],
  ]);
  expect(readScan('urn:epc:id:strange:1')).toBeUndefined();
});

test('bare keys with their check digit', () => {
  expect(pairs('9520123456788')).toEqual([['01', '09520123456788']]);
  expect(pairs('106901234500000013')).toBeUndefined();
  expect(pairs('106141412345678908')).toEqual([['00', '106141412345678908']]);
  expect(readScan('00106141412345678908')?.form).toBe('element-string');
});

test('what is not right is told, and is not searched for', () => {
  const scan = readScan('(01)09520123456789(10)ABC1(17)181326')!;
  expect(scan.elements.map(({ fault }) => fault)).toEqual(['check-digit', null, 'date']);
  expect(said(scan, '01')).toBeUndefined();
  expect(said(scan, '10')).toBe('ABC1');
  expect(faultOf('10', 'A'.repeat(21))).toBe('length');
  expect(faultOf('10', 'lot 1')).toBe('characters');
  expect(faultOf('5', '')).toBe('ai-unknown');
  expect(readScan(']d2' + '05')?.elements).toEqual([{ ai: '', title: '', value: '05', fault: 'ai-unknown' }]);
});

test('names of ours are no element strings', () => {
  for (const name of [
    'M-SZ1-261101-00001',
    'L-1042',
    '2112345',
    '10ABC',
    'WO-77',
    'http://',
    'https://x.y/about',
    '+49 30 1234',
    '',
  ])
    expect(readScan(name)).toBeUndefined();
});

test('the width of an AI follows from its first two digits', () => {
  expect(['010952', '3103000', '8020X', '240A', '21S', '05'].map(leadingIdentifier)).toEqual([
    '01',
    '3103',
    '8020',
    '240',
    '21',
    undefined,
  ]);
});

test('HIBC: primary, and secondary with date and lot', () => {
  expect(hibcCheck('+A123BJC5D6E71')).toBe('G');
  expect(pairs('+A123BJC5D6E71G')).toEqual([
    ['LIC', 'A123'],
    ['PCN', 'BJC5D6E7'],
    ['U', '1'],
  ]);
  expect(pairs('+A123BJC5D6E71/$$52001510X3C')?.slice(3)).toEqual([
    ['EXP', '20015'],
    ['L', '10X3'],
  ]);
  const closed = (text: string) => text + hibcCheck(text)!;
  expect(readHibc(closed('+A99912345/$+S100'))?.at(-1)).toMatchObject({ title: 'SERIAL', value: 'S100' });
  expect(readHibc(closed('+A99912345/$$+0125S100/16D20260102'))?.slice(3)).toMatchObject([
    { title: 'EXPIRY MMYY', value: '0125' },
    { title: 'SERIAL', value: 'S100' },
    { title: 'MANUFACTURED YYYYMMDD', value: '20260102' },
  ]);
  expect(readHibc(closed('+$$91234532612313C001G'))).toMatchObject([
    { value: '12345' },
    { value: '261231' },
    { value: '3C001' },
  ]);
  expect(readHibc('+A123BJC5D6E71H')).toBeUndefined();
});

test('any text is read or left alone, in little time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      readScan(text);
      readScan(`]d2${text}`);
      readScan(`(01)${text}`);
      readScan(`https://${text}`);
    }),
  );
  expect(readScan(`]d2${'10A\u001d'.repeat(100_000)}`)?.elements).toHaveLength(100_000);
});
