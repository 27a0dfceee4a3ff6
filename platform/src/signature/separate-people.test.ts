import { expect, test } from '@jest/globals';
import { assertSeparate } from './separate-people.ts';

const author = (person: string, deputyFor: readonly string[] = []) => ({ person, deputyFor, as: 'author' as const });
const signed = (person: string, deputyFor: readonly string[] = []) => ({ person, deputyFor, as: 'signer' as const });

test('11.10(g): two people are two people', () => {
  expect(() => assertSeparate({ signer: 'li' }, [author('wang'), signed('zhao')])).not.toThrow();
  expect(() => assertSeparate({ signer: 'li' }, [])).not.toThrow();
});

test.each([
  ['who made it', { signer: 'li' }, author('li'), 'signature-by-author'],
  ['who signed it before', { signer: 'li' }, signed('li'), 'signature-same-person'],
  ['the deputy of who made it', { signer: 'li', deputyFor: ['wang'] }, author('wang'), 'signature-by-author'],
  ['the deputy of who signed it', { signer: 'li', deputyFor: ['wang'] }, signed('wang'), 'signature-same-person'],
  ['whose own deputy signed it', { signer: 'li' }, signed('wang', ['li']), 'signature-same-person'],
])('%s is no second person', (_, signing, involved, code) => {
  expect(() => assertSeparate(signing, [signed('somebody'), involved])).toThrow(code);
});
