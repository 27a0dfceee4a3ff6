import { expect, test } from '@jest/globals';
import { fill, platformMessages } from './messages.ts';
import { faultyMessages } from './testing/messages.ts';

test('every code the platform throws has words in both languages that tell the same facts', async () => {
  expect(await faultyMessages(new URL('./', import.meta.url), platformMessages)).toEqual([]);
});

test('a code without words, and words that say less, are found', async () => {
  const messages = { ...platformMessages, bad_code: { en: 'Lot {lot}', zh: 'Lot', status: 409 as const } };
  const { 'not-found': _, ...fewer } = messages;
  const faults = (await faultyMessages(new URL('./', import.meta.url), fewer)).join('\n');
  for (const fault of ["'not-found' has no message", 'not kebab-case', 'no Chinese', 'different facts'])
    expect(faults).toContain(fault);
});

test('facts go into the words; a forgotten one stays visible', () => {
  expect(fill('Lot {lot}: {open} of {n}', { lot: 'L-1', open: ['a'], n: 0 })).toBe('Lot L-1: ["a"] of 0');
  expect(fill('{lot}', {})).toBe('{lot}');
});
