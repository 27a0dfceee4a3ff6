import { expect, test } from '@jest/globals';
import { evolve, NONE_WAITING, placeOf, placesOf, waitFor, waitingFor } from './waiting-operations.ts';

const range = (first: number, last: number) => ({ gtin: '09520123456788', prefix: 'IP', width: 6, first, last });

test('operations wait for serials that are not there yet', () => {
  const waiting = waitFor(NONE_WAITING, 'OP-1', [range(4, 5)]).reduce(evolve, NONE_WAITING);
  expect(waitFor(waiting, 'OP-1', [range(4, 5)])).toEqual([]);
  expect(waitingFor(waiting, [range(1, 4)])).toEqual([{ operation: 'OP-1', ranges: [range(4, 4)] }]);
  expect(waitFor(waiting, 'OP-1', []).reduce(evolve, waiting).waiting).toEqual([]);
});

test('ten thousand operations that wait at one lot are spread: no document of them passes 200 kB', () => {
  const sizes = new Map<string, number>();
  for (let n = 1; n <= 10_000; n++) {
    const operation = `MES-2|WO-2026-${String(n)}|10`;
    const place = placeOf('F-1', operation);
    const entry = JSON.stringify({ operation, ranges: [range(n, n)] });
    sizes.set(place, (sizes.get(place) ?? 0) + entry.length);
  }
  expect([...sizes.keys()].sort()).toEqual(placesOf('F-1').sort());
  expect(Math.max(...sizes.values())).toBeLessThan(200_000);
});
