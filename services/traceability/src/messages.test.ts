import { expect, test } from '@jest/globals';
import { platformMessages } from '@lotwarden/platform/messages';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { messages } from './messages.ts';

test('every code that is thrown has words in both languages', async () => {
  expect(await faultyMessages(new URL('.', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
