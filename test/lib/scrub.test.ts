import { describe, expect, it } from 'vitest';
import { scrub } from '../../src/lib/scrub.ts';

const secrets = { home: '/home/ada', names: ['prod-api', 'db.internal', 'ada'], values: ['hunter2-and-more'] };
const hidden = (text: string) => scrub(text, secrets);

describe('a text that leaves the machine', () => {
  it.each([
    ['/home/ada/.ssh/id and /home/kim/x', '~/.ssh/id and /home/…/x'],
    ['cannot reach prod-api at db.internal', 'cannot reach … at …'],
    ['prod-api2 is another word', 'prod-api2 is another word'],
    ['root@10.1.2.3:22 refused', '…@… refused'],
    ['http://ada:secret@example.org/x', 'http://…@…/x'],
    ['10.1.2.3 and fe80::1:2:3', 'ADDRESS and ADDRESS'],
    ['password: open-sesame', 'password: …'],
    ['Authorization: Basic b2s=', 'Authorization: …'],
    ['header Bearer abc.def', 'header Bearer …'],
    ['the password cannot be read', 'the password cannot be read'],
    ['sent sk-abc123def456ghi789jkl', 'sent …'],
    ['the value hunter2-and-more', 'the value …'],
    [`reading 'title' of "Fix webhook retries"`, `reading 'title' of "…"`],
  ])('%s reads %s', (text, expected) => {
    expect(hidden(text)).toBe(expected);
  });

  it('keeps the lines of a stack trace that name code', () => {
    const frame = '    at Object.run (file:///opt/ocr/dist/background-program-KDJ2JQ3K7ABC.js:10:20)';
    expect(hidden(frame)).toBe(frame);
  });
});
