import { expect, test } from '@jest/globals';
import { NO_STATUS, statusAfter, statusText } from './status.ts';

const after = (...events: readonly { readonly type: string }[]) => statusText(events.reduce(statusAfter, NO_STATUS));

test('what a lot is follows from what was said of it', () => {
  expect(after()).toBeNull();
  expect(after({ type: 'MaterialLotReceived' })).toBe('pending');
  expect(after({ type: 'MaterialLotReceived' }, { type: 'MaterialLotAccepted' })).toBe('accepted');
  const made = { type: 'ProductionLotDeclared' };
  const [cn, de] = ['CN', 'DE'].map((market) => ({ type: 'LotReleased', market }));
  expect(after(made, de!, cn!)).toBe('released CN DE');
  expect(after(made, cn!, { type: 'LotReleaseRevoked', market: 'CN' } as { type: string })).toBe('unreleased');
  const held = { type: 'HoldPlaced', hold: 'H-1' };
  expect(after(made, held)).toBe('unreleased, held by H-1');
  expect(after(made, held, { type: 'HoldReleased', hold: 'H-1' } as { type: string })).toBe('unreleased');
});
