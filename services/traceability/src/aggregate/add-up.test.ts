import { expect, test } from '@jest/globals';
import { Rejected, Transient } from '@lotwarden/platform/errors';
import { createHistory } from '../../test/history.ts';
import { memoryReplica } from '../../test/memory-replica.ts';
import type { Replica } from '../graph/replica.client.ts';
import { addUp } from './add-up.client.ts';

function sixty() {
  const { facts, tell } = createHistory();
  for (let n = 0; n < 60; n++) tell.received(`M-${n}`, 10);
  return facts;
}
const { signal } = new AbortController();

test('many lots are added up part by part, by list as of everything; each once', async () => {
  const replica = memoryReplica(sixty());
  const all = await addUp(replica, { set: { kind: 'all' }, by: [] }, signal);
  expect(all).toMatchObject({ lots: 60, rows: [{ lots: 60, amounts: { received: { value: '600' } } }] });
  const lots = Array.from({ length: 60 }, (_, n) => `M-${n}`);
  expect(await addUp(replica, { set: { kind: 'lots', lots }, by: [] }, signal)).toEqual(all);
});

test('where too much else is asked it waits for its turn; where it is left it ends', async () => {
  const { ask } = memoryReplica(sixty());
  let refused = 0;
  const busy = ((name, question) =>
    refused++ % 2 === 0 ? Promise.reject(new Transient('graph-busy')) : ask(name, question)) as Replica['ask'];
  expect(await addUp({ ask: busy }, { set: { kind: 'all' }, by: [] }, signal)).toMatchObject({ lots: 60 });
  expect(refused).toBeGreaterThan(4);
  const left = AbortSignal.abort();
  await expect(addUp({ ask }, { set: { kind: 'all' }, by: [] }, left)).rejects.toThrow('abort');
  await expect(addUp({ ask }, { set: { kind: 'trace', trace: 'gone' }, by: [] }, signal)).rejects.toEqual(
    new Rejected('trace-not-kept', { trace: 'gone' }),
  );
});
