import { expect, test } from '@jest/globals';
import { agesOf } from './sources.ts';

const NOW = '2026-11-02T12:00:00.000Z';
const newest = (system: string, topic: string, recordedAt: string) => ({
  system,
  topic,
  occurredAt: recordedAt,
  recordedAt,
});

test('a source is as old as its newest fact, the oldest source first', () => {
  const ages = agesOf(
    [
      newest('MES-SZ', 'mes-bridge.operation.v1', '2026-11-02T11:59:30.000Z'),
      newest('ERP', 'receiving.material-lot.v1', '2026-11-01T21:59:00.000Z'),
      newest('MES-SZ', 'mes-bridge.mount.v1', '2026-11-02T10:00:00.000Z'),
    ],
    NOW,
  );
  expect(ages.map(({ text }) => text)).toEqual(['ERP 14 h old', 'MES-SZ 30 s old']);
  expect(ages[1]!.topics).toMatchObject([{ topic: 'mes-bridge.mount.v1', age: 7200 }, { age: 30 }]);
});

test('a clock that runs ahead makes nothing younger than now', () => {
  expect(agesOf([newest('WMS', 't', '2026-11-02T12:00:05.000Z')], NOW)).toMatchObject([{ age: 0 }]);
});
