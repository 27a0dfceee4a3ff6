import type { Epoch, GateWord } from '../freeze/epoch.ts';
import type { GateLife } from '../freeze/gate-life.ts';
import { progressOf } from '../freeze/progress.ts';
import type { HeldLot } from '../hold/held-lot.ts';
import type { HoldRelease } from '../hold/hold.ts';
import type { IssuedNotice } from '../notice/notice.ts';
import { versionOf, type NoticeProgress } from '../notice/progress.ts';

/** One thing that must not be, and where. An empty list is what everybody wants. */
export interface Violator {
  readonly subject: string;
  readonly detail: string;
}

/** Every hold in the manifest is present at every gate. `current` are the epochs that count now, one per hold. */
export const holdsNotAtEveryGate = (
  current: readonly Epoch[],
  words: readonly GateWord[],
  lives: readonly GateLife[],
): Violator[] =>
  current.flatMap((epoch) => {
    const own = words.filter(({ hold }) => hold === epoch.hold);
    const progress = progressOf({ current: epoch, words: own, lives });
    if (progress.step !== 'freezing') return [];
    const detail = `epoch ${String(epoch.epoch)} not acknowledged by ${progress.missing.join(', ')}`;
    return [{ subject: epoch.hold, detail }];
  });

/** Every notice is delivered or escalated, at its latest version. */
export const noticesNobodyHeard = (notices: readonly IssuedNotice[], progress: readonly NoticeProgress[]): Violator[] =>
  notices.flatMap(({ notice, version }) => {
    const { delivered, escalated, answers } = versionOf(
      progress.find((one) => one.notice === notice),
      version,
    );
    if (delivered !== null || escalated !== null || answers.length > 0) return [];
    const detail = `version ${String(version)} neither delivered nor escalated`;
    return [{ subject: notice, detail }];
  });

/** No hold is lifted without two signatures of two people. */
export const holdsLiftedAlone = (released: readonly HeldLot[], releases: readonly HoldRelease[]): Violator[] =>
  released.flatMap(({ hold, lot }) => {
    const signed = releases.some(
      (release) =>
        release.hold === hold &&
        release.lots.includes(lot) &&
        new Set(release.signatures.map(({ signer }) => signer)).size >= 2,
    );
    if (signed) return [];
    return [{ subject: `${hold}|${lot}`, detail: 'released without two signatures' }];
  });
