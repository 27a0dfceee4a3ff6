import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { ConfigInvalid, developmentSecret, loadConfig } from './config.ts';

const own = z.object({ labelPrinter: z.url().optional(), portalSecret: developmentSecret('portal-development') });

const problems = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig('mes-bridge', own, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
};

test('a service starts without any settings in development', () => {
  const config = loadConfig('mes-bridge', own, {});
  expect(config).toMatchObject({ host: '127.0.0.1', port: 0, kafkaBrokers: ['127.0.0.1:9092'], topicPrefix: '' });
});

test("the service's own variable goes before the one all share, and a port is never shared", () => {
  const environment = { LOG_LEVEL: 'warn', MES_BRIDGE_LOG_LEVEL: 'debug', PORT: '1', MES_BRIDGE_PORT: '4002' };
  expect(loadConfig('mes-bridge', own, environment)).toMatchObject({ logLevel: 'debug', port: 4002 });
  expect(loadConfig('qms', own, environment)).toMatchObject({ logLevel: 'warn', port: 0 });
});

test('every problem is told at once, by the name of its variable and without its value', () => {
  const told = problems({
    MONGO_URL: 'http://secret@x',
    KAFKA_BROKERS: 'nowhere',
    MES_BRIDGE_PORT: '99999',
    LABEL_PRINTER: 'printer',
    INBOUND_SOURCES: 'mes.inbound.v1',
  });
  expect(told.map((line) => line.split(':')[0])).toEqual([
    'MES_BRIDGE_PORT',
    'MONGO_URL',
    'KAFKA_BROKERS',
    'INBOUND_SOURCES',
    'LABEL_PRINTER',
  ]);
  expect(told.join()).not.toContain('secret@x');
});

test('production refuses secrets everybody knows and an issuer without https', () => {
  const names = problems({ NODE_ENV: 'production' }).map((line) => line.split(':')[0]);
  expect(names).toEqual(expect.arrayContaining(['CLIENT_SECRET', 'PORTAL_SECRET', 'OIDC_ISSUER']));
  expect(
    problems({
      NODE_ENV: 'production',
      CLIENT_SECRET: 'really our own',
      PORTAL_SECRET: 'really our own too',
      OIDC_ISSUER: 'https://id.example/openid',
    }),
  ).toEqual([]);
});

test('who may write an inbound topic reads topic=SOURCE|SOURCE', () => {
  const { inboundSources } = loadConfig('qms', own, { INBOUND_SOURCES: 'mes.inbound.v1=A|B, lims.inbound.v1=L' });
  expect(inboundSources).toEqual({ 'mes.inbound.v1': ['A', 'B'], 'lims.inbound.v1': ['L'] });
});
