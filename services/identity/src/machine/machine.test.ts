import { expect, test } from '@jest/globals';
import { topics } from '@lotwarden/contracts/topics';
import { kafkaAccess } from './kafka-access.ts';
import { MACHINE_ID } from './machine.ts';

test('the brokers let an outside system write its own topic and nothing else', () => {
  expect(kafkaAccess('wms_suzhou', 'system-wms', topics)).toEqual({
    principal: 'User:wms_suzhou',
    acls: [
      { topic: 'wms.inbound.v1', operation: 'write' },
      { topic: 'wms.inbound.v1', operation: 'describe' },
    ],
  });
  for (const role of ['system-mes', 'system-lims', 'system-epcis'] as const)
    expect(kafkaAccess('x_y', role, topics).acls.every(({ topic }) => topic.endsWith('.inbound.v1'))).toBe(true);
});

test('a partner is nobody at the brokers', () => {
  expect(kafkaAccess('epcis_huaxin', 'partner-epcis', topics).acls).toEqual([]);
});

test('no id of a service account can be the id of a person or of a service of ours', () => {
  for (const id of ['mes_suzhou', 'a_b_c']) expect(MACHINE_ID.test(id)).toBe(true);
  for (const id of ['mes', 'mes-bridge', 'li.na', '_mes', 'mes_', 'Mes_1', 'mes__1', `a_${'b'.repeat(70)}`])
    expect(MACHINE_ID.test(id)).toBe(false);
});
