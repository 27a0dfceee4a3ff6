import { metrics as telemetry, type Attributes } from '@opentelemetry/api';

export interface RequestMeasured {
  readonly method: string;
  /** The pattern, `/lots/:lot`. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface BatchMeasured {
  readonly topic: string;
  readonly group: string;
  readonly count: number;
  readonly seconds: number;
  /** Age of the oldest message of the batch when it was applied: lag in seconds, which people can judge. */
  readonly lagSeconds?: number;
}

/** What a service measures of itself; each value carries the service's name, as services may share a process. */
export interface Metrics {
  readonly request: (request: RequestMeasured) => void;
  readonly batch: (batch: BatchMeasured) => void;
  readonly published: (topic: string, count: number) => void;
  /** From the event until somebody outside had it. */
  readonly delivered: (channel: string, ageSeconds: number) => void;
  /** A value that is looked up when somebody asks: see `gauges`. Returns how to end it. */
  readonly gauge: (name: Gauge, read: () => Promise<readonly Reading[]>) => () => void;
}

export interface Reading {
  readonly value: number;
  readonly attributes?: Attributes;
}

export const gauges = {
  'lotwarden.outbox.oldest': { unit: 's', description: 'Age of the oldest event that is not published yet' },
  'lotwarden.outbox.waiting': { unit: '{event}', description: 'Events that are not published yet' },
  'lotwarden.parked.keys': { unit: '{key}', description: 'Keys whose messages wait, by why' },
  'lotwarden.dead.letters': {
    unit: '{message}',
    description: 'Messages nobody could read, or nobody should have sent',
  },
  'lotwarden.passed.over': { unit: '{message}', description: 'Messages that a person decided to go on without' },
  'lotwarden.gate.open': { unit: '1', description: '1 = the gate knows every hold and lets goods pass' },
  'lotwarden.saga.age': { unit: 's', description: 'Age of the oldest saga in each step' },
  'lotwarden.delivery.oldest': { unit: 's', description: 'Age of the oldest notice nobody has taken yet' },
} as const;

export type Gauge = keyof typeof gauges;

const SECONDS = {
  advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] },
};

export function createMetrics(service: string): Metrics {
  const meter = telemetry.getMeter('lotwarden');
  const requests = meter.createHistogram('http.server.request.duration', { unit: 's', ...SECONDS });
  const processed = meter.createHistogram('messaging.process.duration', { unit: 's', ...SECONDS });
  const messages = meter.createCounter('messaging.client.consumed.messages', { unit: '{message}' });
  const sent = meter.createCounter('messaging.client.sent.messages', { unit: '{message}' });
  const lag = meter.createHistogram('lotwarden.consumer.lag', { unit: 's', ...SECONDS });
  const deliveries = meter.createHistogram('lotwarden.delivery.age', { unit: 's', ...SECONDS });
  const own = { 'service.name': service };
  return {
    request: ({ method, route, status, seconds }) =>
      requests.record(seconds, {
        ...own,
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
      }),
    batch: ({ topic, group, count, seconds, lagSeconds }) => {
      const place = { ...own, 'messaging.destination.name': topic, 'messaging.consumer.group.name': group };
      processed.record(seconds, place);
      messages.add(count, place);
      if (lagSeconds !== undefined) lag.record(lagSeconds, place);
    },
    published: (topic, count) => sent.add(count, { ...own, 'messaging.destination.name': topic }),
    delivered: (channel, ageSeconds) => deliveries.record(ageSeconds, { ...own, channel }),
    gauge: (name, read) => {
      const gauge = meter.createObservableGauge(name, gauges[name]);
      const observe = async (result: { observe: (value: number, attributes?: Attributes) => void }): Promise<void> => {
        for (const { value, attributes } of await read()) result.observe(value, { ...own, ...attributes });
      };
      gauge.addCallback(observe);
      return () => gauge.removeCallback(observe);
    },
  };
}
