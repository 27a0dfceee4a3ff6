import { masterData } from './acts/01-master-data.ts';
import { receipt } from './acts/02-receipt.ts';
import { incomingInspection } from './acts/03-incoming-inspection.ts';
import { operations } from './acts/04-operations.ts';
import { serialisation } from './acts/05-serials.ts';
import { release } from './acts/06-release.ts';
import { shipping } from './acts/07-shipping.ts';
import { recall } from './acts/08-recall.ts';
import { notices } from './acts/09-notices.ts';
import { lateFact } from './acts/10-late-fact.ts';
import { close } from './acts/11-close.ts';
import { invariants } from './checks/invariants.ts';
import type { RecallReader } from './recall-views.ts';
import type { World } from './world.ts';

export interface PlayOptions {
  /** Called as each act begins; what it does goes on beside the act, and is awaited before the next one. */
  readonly beside?: (act: number) => Promise<void>;
}

export interface Played {
  readonly storyMs: number;
  readonly reader: RecallReader;
}

/** The seeded story from the first account to the closed recall, then the invariants. */
export async function play(world: World, { beside = () => Promise.resolve() }: PlayOptions = {}): Promise<Played> {
  const began = performance.now();
  let number = 0;
  const act = async <T>(title: string, titleZh: string, run: () => Promise<T>): Promise<T> => {
    number += 1;
    const meanwhile = beside(number);
    const [result] = await Promise.all([world.narrator.act(title, titleZh, run), meanwhile]);
    return result;
  };
  await act('Master data', '主数据', () => masterData(world));
  await act('Receipt', '来料', () => receipt(world));
  await act('Incoming inspection', '进货检验', () => incomingInspection(world));
  await act('Operations', '生产', () => operations(world));
  await act('Serials, rework, split, packing', '序列化与包装', () => serialisation(world));
  await act('Release', '放行', () => release(world));
  await act('Shipping', '发货', () => shipping(world));
  const reader = await act('Recall', '召回', () => recall(world));
  await act('Notices', '通知', () => notices(world, reader));
  await act('A late fact', '迟到的事实', () => lateFact(world, reader));
  await act('Returns, balance, close', '退回、平衡、关闭', () => close(world, reader));
  const storyMs = performance.now() - began;
  await act('Invariants', '不变量', () => invariants(world, reader));
  return { storyMs, reader };
}
