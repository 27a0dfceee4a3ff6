import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalised, toDigitalLink, toUrn } from './epc-forms.ts';

/** URN, Digital Link; from the GS1 standards' examples and the reference implementation of the event hash. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['urn:epc:id:sgtin:4012345.011111.4711', 'https://id.gs1.org/01/04012345111118/21/4711'],
  ['urn:epc:id:sgtin:0614141.107346.20%2F17', 'https://id.gs1.org/01/10614141073464/21/20%2F17'],
  ['urn:epc:class:lgtin:4012345.012345.998877', 'https://id.gs1.org/01/04012345123456/10/998877'],
  ['urn:epc:idpat:sgtin:4012345.098765.*', 'https://id.gs1.org/01/04012345987652'],
  ['urn:epc:id:sscc:4012345.0000000333', 'https://id.gs1.org/00/040123450000003338'],
  ['urn:epc:id:sgln:4012345.00011.987', 'https://id.gs1.org/414/4012345000115/254/987'],
  ['urn:epc:id:sgln:4012345.00005.0', 'https://id.gs1.org/414/4012345000054'],
  ['urn:epc:id:pgln:4012345.00225', 'https://id.gs1.org/417/4012345002256'],
  ['urn:epc:id:grai:4012345.55555.987', 'https://id.gs1.org/8003/04012345555554987'],
  ['urn:epc:id:giai:4000001.12345', 'https://id.gs1.org/8004/400000112345'],
  ['urn:epc:id:gsrn:4000001.0000012345', 'https://id.gs1.org/8018/400000100000123452'],
  ['urn:epc:id:gdti:4012345.00002.4711', 'https://id.gs1.org/253/40123450000234711'],
];
const PREFIXES = ['4012345', '0614141', '4000001'];

test('each URN has its Digital Link, and the way back with the known company prefix', () => {
  for (const [urn, link] of PAIRS) {
    expect(toDigitalLink(urn)).toBe(link);
    expect(toUrn(link, PREFIXES)).toBe(urn);
  }
});

test('without the company prefix nobody can say where it ends, so there is no URN', () => {
  for (const [, link] of PAIRS) expect(toUrn(link, [])).toBeUndefined();
  expect(toUrn('https://id.gs1.org/01/04012345111118/21/4711', ['40123', '999999'])).toBeUndefined();
});

test('a Digital Link of any domain is the same as the canonical one, to its finest key', () => {
  expect(normalised('https://shop.example.org/some/path/01/9520123456788/10/ABC1/21/12345?17=180426')).toBe(
    'https://id.gs1.org/01/09520123456788/21/12345',
  );
  expect(normalised('https://id.gs1.org/01/09520123456788/22/V1')).toBe('https://id.gs1.org/01/09520123456788');
});

test('what is no GS1 key stays as it is', () => {
  for (const uri of [
    'urn:uuid:550e8400-e29b-41d4-a716-446655440000',
    'http://transaction.acme.com/po/12345678',
    'https://example.com/01/about-us',
    'urn:epc:id:sgtin:4012345.0111.4711',
    'urn:epc:id:sgtin:4012345.011111.',
    'urn:epc:id:sgtin:4012345.011111.%ZZ',
    'urn:epc:id:usdod:CAGEY.5678',
    'urn:epcglobal:cbv:bt:0614141073467:1152',
  ])
    expect(normalised(uri)).toBe(uri);
});

test('serials of any allowed character survive both ways', () => {
  const char = fc.constantFrom(...Array.from('!"%&\'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz'));
  const serial = fc.string({ unit: char, minLength: 1, maxLength: 20 }).filter((text) => text !== '*');
  const length = fc.integer({ min: 6, max: 12 });
  const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: 13, maxLength: 13 });
  fc.assert(
    fc.property(digits, length, serial, (all, size, text) => {
      const escaped = [...text]
        .map((c) => (/["%&/<>?]/.test(c) ? `%${c.charCodeAt(0).toString(16).toUpperCase()}` : c))
        .join('');
      const urn = `urn:epc:id:sgtin:${all.slice(0, size)}.${all.slice(size)}.${escaped}`;
      const link = toDigitalLink(urn);
      expect(link).toMatch(/^https:\/\/id\.gs1\.org\/01\/\d{14}\/21\/[^/]+$/);
      expect(normalised(link ?? '')).toBe(link);
      expect(toUrn(link ?? '', [all.slice(0, size)])).toBe(urn);
    }),
  );
});
