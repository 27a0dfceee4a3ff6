import { instant, type Instant } from '@lotwarden/platform/instant';
import { createSagas, type Sagas } from '@lotwarden/platform/sagas';
import type { Deps } from '@lotwarden/platform/service';
import type { Work } from '@lotwarden/platform/store';
import type { Cases } from '../case/case.store.ts';
import type { Doc } from '../documents.ts';
import type { Findings } from '../finding/finding.store.ts';
import { epochId, wordId, type Epoch, type GateWord } from './epoch.ts';
import { drainOf, freezeSaga, type Freeze, type FreezeCommand, type Patience } from './freeze.saga.ts';
import { acknowledged, drained } from './gate-word.ts';
import { GATES, hear, type GateLife } from './gate-life.ts';
import { judgeAcknowledgement } from './judge-acknowledgement.ts';
import type { Acknowledged, Drained } from './gate-message.ts';

const EPOCHS = 'epochs';
const WORDS = 'acknowledgements';
const LOG = 'acknowledgement_log';
const LIVES = 'gates';

/** Epochs, what the gates said about them, and the saga that waits for them. */
export function freezeStore(
  { collection, store, clock, log }: Deps,
  { cases, findings, patience }: { cases: Cases; findings: Findings; patience: Patience },
) {
  const epochs = collection<Doc<Epoch>>(EPOCHS, [{ key: { hold: 1, epoch: 1 } }, { key: { case: 1 } }]);
  const words = collection<Doc<GateWord>>(WORDS, [{ key: { case: 1 } }, { key: { gate: 1 } }]);
  const spoken = collection<Doc<GateWord>>(LOG, [{ key: { case: 1 } }]);
  const lives = collection<Doc<GateLife>>(LIVES);
  const sagas: Sagas<Freeze> = createSagas<Freeze, FreezeCommand>({
    store,
    definitions: [freezeSaga(patience)],
    initial: { hold: '', rounds: 0, offsets: [] },
    perform: (command, { id, state }, work) =>
      perform(work, command, { recall: id, epoch: state.epoch, ...state.data }),
  });

  interface About extends Freeze {
    readonly recall: string;
    readonly epoch: number;
  }

  async function perform(work: Work, command: FreezeCommand, about: About): Promise<void> {
    const { recall, hold, epoch } = about;
    switch (command.type) {
      case 'announce-frozen':
        return announceFrozen(work, about);
      case 'announce-contained': {
        const { rounds, offsets } = about;
        const known = await epochOf(work, hold, epoch);
        if (known) work.replace(EPOCHS, { ...known, containedAt: clock.instant() });
        log.info({ case: recall, hold, epoch, rounds }, 'contained');
        await work.append(cases, recall, [{ type: 'RecallContained', case: recall, hold, epoch, rounds, offsets }]);
        return;
      }
      case 'call-people': {
        const { code, missing } = command;
        const detail = `epoch ${String(epoch)}${missing.length > 0 ? `: ${missing.join(', ')}` : ''}`;
        log.error({ case: recall, hold, epoch, missing }, `a recall waits: ${code}`);
        await findings.raise(work, recall, [{ code, subject: hold, detail }]);
      }
    }
  }

  /** Timed by the gates' own word: from the epoch's start to the last acknowledgement. */
  async function announceFrozen(work: Work, { recall, hold, epoch }: About): Promise<void> {
    const known = await epochOf(work, hold, epoch);
    if (!known) throw new Error(`epoch ${String(epoch)} of ${hold} is frozen and was never opened`);
    const said = await work.read<Doc<GateWord>>(
      WORDS,
      GATES.map((gate) => wordId(hold, gate)),
    );
    const last = Math.max(...[...said.values()].map(({ at }) => Date.parse(at)));
    const elapsedMs = Math.max(0, last - Date.parse(known.since));
    work.replace(EPOCHS, { ...known, frozenAt: instant(new Date(last)), elapsedMs });
    const { count: lots, digest } = known;
    log.info({ case: recall, hold, epoch, lots, elapsedMs }, 'frozen');
    await work.append(cases, recall, [
      { type: 'RecallFrozen', case: recall, hold, epoch, lots, digest, gates: GATES, elapsedMs },
    ]);
  }

  const epochOf = async (work: Work, hold: string, epoch: number): Promise<Doc<Epoch> | undefined> =>
    (await work.read<Doc<Epoch>>(EPOCHS, [epochId(hold, epoch)])).get(epochId(hold, epoch));

  /** What is asked of the gates has grown (or shrunk): recorded, and waited for from now on. */
  async function open(
    work: Work,
    opened: Omit<Epoch, 'since' | 'frozenAt' | 'elapsedMs' | 'containedAt'>,
  ): Promise<void> {
    const { hold, case: recall, epoch, placedAt } = opened;
    const outcome = { since: placedAt, frozenAt: null, elapsedMs: null, containedAt: null };
    work.insert(EPOCHS, { _id: epochId(hold, epoch), ...opened, ...outcome });
    await sagas.begin(work, recall, { hold, rounds: 0, offsets: [] });
    await sagas.raiseEpoch(work, recall, 'freezing');
  }

  /** Which life of a gate speaks; false for one that is over. What a life that is over had said is void. */
  async function speaksNow(work: Work, gate: string, incarnation: string): Promise<boolean> {
    const known = (await work.read<Doc<GateLife>>(LIVES, [gate])).get(gate);
    const { life, restored, current } = hear(known, gate, incarnation);
    if (!known || restored) work.replace(LIVES, { _id: gate, ...life });
    if (restored) await begunAnew(work, gate, incarnation);
    return current;
  }

  async function begunAnew(work: Work, gate: string, incarnation: string): Promise<void> {
    const at = clock.instant();
    for (const { hold, case: recall } of await words.find({ gate, incarnation: { $ne: incarnation } }).toArray()) {
      const { epoch, status } = await sagas.load(work, recall);
      if (status !== 'running') continue;
      const detail = `its database was restored; it has to hold ${hold} anew`;
      await findings.raise(work, recall, [
        { code: 'gate-restored', subject: gate, detail: `${detail} (${incarnation})` },
      ]);
      const known = await epochOf(work, hold, epoch);
      if (known) work.replace(EPOCHS, { ...known, since: at, frozenAt: null, elapsedMs: null, containedAt: null });
      const nothing = { epoch: 0, at, incarnation };
      await sagas.acknowledge(work, recall, { participant: gate, ...nothing });
      await sagas.acknowledge(work, recall, { participant: drainOf(gate), ...nothing });
      await sagas.signal(work, recall, 'restored');
    }
  }

  async function hearAcknowledged(work: Work, said: Acknowledged, at: Instant): Promise<void> {
    const { gate, hold, epoch, incarnation } = said;
    if (!(await speaksNow(work, gate, incarnation))) return;
    const known = await epochOf(work, hold, epoch);
    const verdict = judgeAcknowledgement(said, known);
    if (!verdict.counts) {
      log.error({ gate, hold, epoch, because: verdict.because }, 'an acknowledgement does not count');
      const detail = `epoch ${String(epoch)} of ${hold}: ${verdict.because}`;
      await findings.raise(work, said.case, [{ code: 'acknowledgement-not-counted', subject: gate, detail }]);
      return;
    }
    const _id = wordId(hold, gate);
    const before = (await work.read<Doc<GateWord>>(WORDS, [_id])).get(_id);
    const word = acknowledged(before, { ...said, at });
    work.replace(WORDS, { ...word, _id });
    work.reference(LOG, { ...word, _id: `${_id}|${incarnation}|${String(epoch)}` });
    await sagas.acknowledge(work, said.case, { participant: gate, epoch, at, incarnation });
  }

  async function hearDrained(work: Work, said: Drained, at: Instant): Promise<void> {
    const { gate, hold, epoch, incarnation } = said;
    if (!(await speaksNow(work, gate, incarnation))) return;
    const _id = wordId(hold, gate);
    const before = (await work.read<Doc<GateWord>>(WORDS, [_id])).get(_id);
    work.replace(WORDS, { ...drained(before, { ...said, at }), _id });
    await sagas.acknowledge(work, said.case, { participant: drainOf(gate), epoch, at, incarnation });
  }

  /** Cases whose gates have drained: they wait for traceability. */
  const settling = async (): Promise<{ recall: string; hold: string; trace: string | null }[]> =>
    (await sagas.inStep('settling')).map(({ id, state }) => ({
      recall: id,
      hold: state.data.hold,
      trace: state.trace,
    }));

  return { settling, epochs, words, spoken, lives, sagas, open, hearAcknowledged, hearDrained };
}

export type Freezes = ReturnType<typeof freezeStore>;
