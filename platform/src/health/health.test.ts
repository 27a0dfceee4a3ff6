import { expect, test } from '@jest/globals';
import { createHeartbeats, look } from './health.ts';

const good = { counts: true, look: async () => ({ ok: true }) };
const bad = { counts: true, look: () => Promise.reject(new Error('no primary')) };

test('what throws is not well and says why; what only tells does not take the replica away', async () => {
  expect(await look({ good, bad })).toEqual({
    ok: false,
    checks: { good: { ok: true }, bad: { ok: false, detail: 'no primary' } },
  });
  expect((await look({ good, gate: { ...bad, counts: false } })).ok).toBe(true);
});

test('a part that has not gone round for long makes the process unwell, one that ended does not', () => {
  let now = 0;
  const { beat, forget, report } = createHeartbeats(() => now, 1000);
  beat('sagas');
  now = 900;
  expect(report().ok).toBe(true);
  now = 1001;
  expect(report().ok).toBe(false);
  forget('sagas');
  expect(report().ok).toBe(true);
});
