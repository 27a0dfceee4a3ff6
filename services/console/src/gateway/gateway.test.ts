import { expect, test } from '@jest/globals';
import { platformMessages } from '@lotwarden/platform/messages';
import { faultyMessages } from '@lotwarden/platform/testing/messages';
import { messages } from '../messages.ts';
import { replyHeaders, requestHeaders } from './pass-headers.ts';
import { checkTarget, upstreamOf } from './upstream-path.ts';

test.each([
  ['/api/receiving/lots/1?x=y&z=/../', 'receiving', '/lots/1?x=y&z=/../'],
  ['/api/receiving', 'receiving', '/'],
  ['/api/receiving?x=1', 'receiving', '/?x=1'],
  ['/api/mes-bridge/production-lots/A%2F12', 'mes-bridge', '/production-lots/A%2F12'],
  ['/api/qms/lots/%E6%89%B9%20X/', 'qms', '/lots/%E6%89%B9%20X/'],
  ['/api/qms/lots/a..b', 'qms', '/lots/a..b'],
])('%s goes to %s as %s', (target, service, path) => {
  expect(upstreamOf(target)).toEqual({ service, path });
});

test.each([
  'http://evil.example/api/receiving/lots',
  '//evil.example/api/receiving',
  '/api//evil.example/lots',
  '/api/receiving//lots',
  '/api/receiving/../identity/accounts',
  '/api/receiving/./lots',
  '/api/receiving/%2e%2e/identity',
  '/api/receiving/.%2E/identity',
  '/api/receiving/%2e%2e%2fidentity',
  '/api/receiving/lots%2f..%2f..',
  '/api/receiving/..%5cidentity',
  '/api/receiving\\..\\identity',
  '/api/receiving/lots%00',
  '/api/receiving/lots%0d%0aX-Injected:1',
  '/api/receiving/lots%',
  '/api/receiving/%c0%ae%c0%ae/identity',
  '/api/receiving/lots#x',
  '*',
])('%s goes nowhere', (target) => {
  expect(() => checkTarget(target)).toThrow('path-invalid');
});

test('an encoded slash in the place of the service names no service', () => {
  expect(upstreamOf('/api/receiving%2Fx/lots').service).toBe('receiving%2Fx');
});

test('headers of one connection, of the gateway and cookies do not go on', () => {
  const sent = {
    host: 'gateway',
    connection: 'keep-alive, X-Private',
    'x-private': 'mine',
    'transfer-encoding': 'chunked',
    'x-forwarded-for': '10.0.0.1',
    forwarded: 'for=10.0.0.1',
    cookie: 'session',
    authorization: 'Bearer x',
    'idempotency-key': 'k',
  };
  expect(requestHeaders(sent, false)).toEqual({ authorization: 'Bearer x', 'idempotency-key': 'k' });
  expect(requestHeaders(sent, true)).toHaveProperty('cookie');
});

test("a service's own address of a thing is told as it is here", () => {
  const told = (location: string) => replyHeaders({ location }, { cookies: false, prefix: '/api/qms' })['location'];
  expect(told('/lots/1')).toBe('/api/qms/lots/1');
  expect(told('//evil.example/')).toBe('//evil.example/');
  expect(told('https://elsewhere.example/')).toBe('https://elsewhere.example/');
  expect(replyHeaders({ 'set-cookie': ['a=b'], upgrade: 'h2' }, { cookies: false, prefix: '' })).toEqual({});
});

test('every code thrown has words in both languages', async () => {
  expect(await faultyMessages(new URL('../', import.meta.url), { ...platformMessages, ...messages })).toEqual([]);
});
