import { expect, test } from '@jest/globals';
import { createLog } from './log.ts';

test('a line is JSON with its service, and secrets do not stand in it', () => {
  const lines: string[] = [];
  const log = createLog({ service: 'qms', level: 'info', destination: { write: (line) => void lines.push(line) } });
  log.info(
    { headers: { authorization: 'Bearer s3cret' }, endpoint: { keys: { secret: 's3cret' } }, token: 's3cret' },
    'x',
  );
  log.debug({}, 'not at this level');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('s3cret');
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', service: 'qms', message: 'x', token: '[redacted]' });
});
