import { expect, test } from '@jest/globals';
import { given as givenEvents } from '@lotwarden/platform/testing/given';
import { missingForRelease, type LotQuality } from './lot-quality.ts';
import { evolve, UNRELEASED, type ReleaseEvent } from './release.ts';
import { releaseLot, releaseRecord, revokeRelease } from './release-lot.ts';

const good: LotQuality = {
  lot: 'F-SZ1-261101-00001',
  product: 'IP-200',
  revision: 'A',
  kind: 'finished',
  finalInspection: { inspection: 'I-F-SZ1-261101-00001-final', verdict: 'accept', decidedBy: null },
  labelCheck: { labelVersion: '3', verdict: 'pass' },
  openNonconformances: [],
  placeholders: [],
};
const signature = {
  jws: 'a.b.c',
  signer: 'qa.li',
  signerName: '李质量',
  meaning: 'release',
  reason: 'ok',
  signedAt: '2026-11-01T08:00:00.000Z',
};
const review = { ...signature, signer: 'qa.wu', signerName: '吴检验', meaning: 'review' };
const given = (...history: ReleaseEvent[]) => givenEvents(UNRELEASED, evolve, history);
const released = releaseLot(UNRELEASED, { quality: good, market: 'CN', signature, review });

test('a lot with everything in order is released, once a market', () => {
  given()
    .when((r) => releaseLot(r, { quality: good, market: 'CN', signature, review }))
    .thenLike([{ type: 'LotReleased', market: 'CN', labelVersion: '3' }]);
  given(...released)
    .when((r) => releaseLot(r, { quality: good, market: 'CN', signature, review }))
    .then([]);
  given(...released)
    .when((r) => releaseLot(r, { quality: good, market: 'DE', signature, review }))
    .thenLike([{ market: 'DE' }]);
});

test.each([
  ['lot-unknown', undefined],
  ['lot-not-finished-goods', { ...good, kind: 'intermediate' }],
  ['inspection-not-accepted', { ...good, finalInspection: null }],
  ['inspection-not-accepted', { ...good, finalInspection: { inspection: 'I', verdict: 'reject', decidedBy: null } }],
  ['label-check-missing', { ...good, labelCheck: null }],
  ['label-check-missing', { ...good, labelCheck: { labelVersion: '3', verdict: 'fail' } }],
  ['nonconformance-open', { ...good, openNonconformances: ['NCR-1'] }],
] as const)('%s keeps a lot from being released', (code, quality) => {
  expect(missingForRelease(quality)).toEqual([code]);
  given()
    .when((r) => releaseLot(r, { quality, market: 'CN', signature, review }))
    .rejects('lot-not-ready-for-release');
});

test('what is signed changes with the market, the version and what was inspected', () => {
  const hashes = [
    releaseRecord(good, 'CN', 0),
    releaseRecord(good, 'DE', 0),
    releaseRecord({ ...good, labelCheck: { labelVersion: '4', verdict: 'pass' } }, 'CN', 0),
  ].map((r) => r.recordHash);
  expect(new Set(hashes).size).toBe(3);
});

test('a revoked release no longer stands', () => {
  given(...released)
    .when((r) => revokeRelease(r, { market: 'CN', reason: 'mistake', signature }))
    .thenLike([{ type: 'LotReleaseRevoked' }]);
  given()
    .when((r) => revokeRelease(r, { market: 'CN', reason: 'mistake', signature }))
    .rejects('lot-not-released');
});
