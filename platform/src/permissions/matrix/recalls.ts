import { INSIDE } from '../roles.ts';
import type { Operations } from '../operation.ts';

/** Recalls, holds, notices. */
export const recalls = {
  'recall.draft': {
    what: { en: 'Draft recalls', zh: '起草召回' },
    by: ['quality-engineer', 'quality-manager', 'recall-manager', 'regulatory'],
    ways: ['recall POST /cases'],
  },
  'recall.launch': {
    what: { en: 'Launch recalls', zh: '启动召回' },
    by: ['quality-manager', 'recall-manager'],
    signed: ['launch'],
    ways: ['recall POST /cases/:case/launches'],
  },
  'recall.close': {
    what: { en: 'Close recalls and notices', zh: '关闭召回与通知' },
    by: ['quality-manager', 'recall-manager', 'regulatory'],
    signed: ['close'],
    ways: ['recall POST /cases/:case/closures', 'recall POST /notices/:notice/closures'],
  },
  'recall.read': {
    what: { en: 'See recalls', zh: '查看召回' },
    by: [...INSIDE],
    ways: [
      'recall GET /cases',
      'recall GET /cases/:case',
      'recall GET /cases/:case/acknowledgements',
      'recall GET /cases/:case/balance',
      'recall GET /cases/:case/close-record',
      'recall GET /cases/:case/findings',
      'recall GET /cases/:case/launch-record',
      'recall GET /cases/:case/report',
      'recall GET /cases/:case/scope',
    ],
  },
  'hold.release': {
    what: { en: 'Release holds', zh: '解除扣留' },
    by: ['quality-manager', 'recall-manager'],
    signed: ['hold-release'],
    twoPerson: true,
    ways: ['recall POST /holds/:hold/releases'],
  },
  'hold.read': {
    what: { en: 'See holds and review them', zh: '查看与复核扣留' },
    by: [...INSIDE, 'system-mes', 'system-wms'],
    ways: ['recall POST /holds/:hold/release-records', 'recall POST /holds/:hold/reviews'],
  },
  'notice.read': {
    what: { en: 'See notices', zh: '查看通知' },
    by: [...INSIDE],
    ways: ['recall GET /cases/:case/notices'],
  },
  'endpoint.manage': {
    what: { en: 'Set up where notices are sent to', zh: '维护通知接收端' },
    by: ['administrator', 'recall-manager'],
    ways: ['notification POST /endpoints', 'notification POST /endpoints/:endpoint/secrets'],
  },
  'delivery.read': {
    what: { en: 'See deliveries of notices', zh: '查看通知送达' },
    by: [...INSIDE],
    ways: ['notification GET /deliveries', 'notification GET /deliveries/:delivery', 'notification GET /endpoints'],
  },
} as const satisfies Operations;
