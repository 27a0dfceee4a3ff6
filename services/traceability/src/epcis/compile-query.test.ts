import { expect, test } from '@jest/globals';
import { compileQuery, PARAMETERS } from './compile-query.ts';
import { namespacesOf } from './namespaces.ts';

const compile = (parameters: Record<string, string>) => compileQuery(parameters, namespacesOf(undefined));
/** A value that fits a parameter. */
const valueFor = (name: string): string =>
  /Time$/.test(name)
    ? '2026-11-01T08:00:00Z'
    : /quantity|value|Count/.test(name)
      ? '5'
      : name.startsWith('EXISTS')
        ? 'true'
        : name === 'orderBy'
          ? 'eventTime'
          : name === 'orderDirection'
            ? 'ASC'
            : 'x';

test('every parameter that the documentation names is understood', () => {
  for (const name of PARAMETERS) {
    const whole = name.endsWith('_') ? `${name}${name === 'GE_value_' ? 'CEL' : 'po'}` : name;
    const beside = name === 'eventCountLimit' ? { orderBy: 'eventTime' } : {};
    expect(() => compile({ [whole]: valueFor(whole), ...beside })).not.toThrow();
  }
});

test('what means the same is the same condition, however it is written', () => {
  const same = (a: Record<string, string>, b: Record<string, string>) =>
    expect(compile(a).conditions).toEqual(compile(b).conditions);
  same({ EQ_bizStep: 'shipping' }, { EQ_bizStep: 'urn:epcglobal:cbv:bizstep:shipping' });
  same({ EQ_bizTransaction_po: 'x' }, { 'EQ_bizTransaction_urn:epcglobal:cbv:btt:po': 'x' });
  same({ MATCH_epc: 'urn:epc:id:sscc:4012345.0000000333' }, { MATCH_epc: 'https://id.gs1.org/00/040123450000003338' });
  same({ GE_eventTime: '2026-11-01T08:00:00+08:00' }, { GE_eventTime: '2026-11-01T00:00:00Z' });
  same({ 'EQ_ILMD_cbvmda:lotNumber': 'A' }, { 'EQ_ILMD_urn:epcglobal:cbv:mda#lotNumber': 'A' });
});

test('a parameter that names nothing is refused, not an empty condition', () => {
  for (const name of ['WD_readPoint', 'WD_bizLocation', 'MATCH_epc'])
    expect(() => compile({ [name]: '' })).toThrow('epcis-parameter-invalid');
});

test('a text from outside never becomes a pattern or an operator', () => {
  expect(JSON.stringify(compile({ WD_readPoint: 'urn:x:.*(a+)+$' }).conditions)).toContain(String.raw`\\.\\*`);
  expect(compile({ EQ_action: '{"$ne":1}' }).conditions).toEqual([{ 'state.words': { $in: ['action={"$ne":1}'] } }]);
});

test('what is not supported is named; what does not fit is refused', () => {
  for (const name of [
    'EQ_constructor',
    'HASATTR_x',
    'EQATTR_a_b',
    'GE_bizStep',
    'MATCH_x',
    'toString',
    'EQ_example:field',
  ])
    expect(() => compile({ [name]: '1' })).toThrow('epcis-parameter-unsupported');
  for (const wrong of [
    { maxEventCount: '0' },
    { EQ_bizStep: '' },
    { GE_quantity: 'many' },
    { EXISTS_errorDeclaration: 'maybe' },
    { orderBy: 'eventTime', orderDirection: 'UP' },
    { orderBy: 'eventTime', eventCountLimit: '5', maxEventCount: '5' },
  ] as Record<string, string>[])
    expect(() => compile(wrong)).toThrow('epcis-parameter-invalid');
});
