import { expect, test } from '@jest/globals';
import { contentsDigest, type Container } from '../container/container.ts';
import { sharedSerials, unknownContents, unknownSerials } from './invariants.ts';

const range = (first: number, last: number, prefix = 'IP') => ({
  gtin: '09520123456788',
  prefix,
  width: 6,
  first,
  last,
});

test('a serial in two lots is found, also under a range that reaches over others', () => {
  const lots = [
    { lot: 'A', ranges: [range(1, 100)] },
    { lot: 'B', ranges: [range(101, 110), range(1, 5, 'XX')] },
  ];
  expect(sharedSerials(lots)).toEqual([]);
  expect(sharedSerials([...lots, { lot: 'C', ranges: [range(7, 7)] }, { lot: 'D', ranges: [range(50, 50)] }])).toEqual([
    { subject: 'IP000007', detail: 'A and C' },
    { subject: 'IP000050', detail: 'A and D' },
  ]);
  expect(unknownSerials(lots, () => [range(1, 109), range(1, 5, 'XX')])).toEqual([
    { subject: 'IP000110', detail: 'B' },
  ]);
});

test('a container whose contents nobody vouches for is found', () => {
  const line = { lot: 'A', quantity: { value: '5', unit: 'EA' }, serials: [range(1, 5)], containers: [] };
  const container = (over: Partial<Container>): Container => ({
    status: 'sealed',
    container: 'C',
    site: 'SZ1',
    level: 'carton',
    children: [],
    contents: [line],
    digest: contentsDigest([line]),
    ...over,
  });
  expect(unknownContents('C', container({}), () => undefined)).toEqual([]);
  expect(unknownContents('C', container({ contents: [] }), () => undefined)).toHaveLength(2);
  const outer = container({ children: ['C'], contents: [{ ...line, containers: ['C'] }] });
  expect(unknownContents('D', outer, () => container({}))).toEqual([]);
  expect(unknownContents('D', outer, () => undefined)).toEqual([{ subject: 'D', detail: 'C in it is not sealed' }]);
});
