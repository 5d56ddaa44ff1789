import { describe, expect, it } from 'vitest';
import {
  type AttachedStatus,
  openingLine,
  otherRequestLine,
  silentLine,
  statusLine,
} from '../../src/actions/attach-words.ts';
import { textWidth } from '../../src/domain/text-width.ts';

const opening = {
  ...{
    title: 'Fix webhook retries',
    host: 'prod-api',
    doing: 'starting opencode',
    elapsed: 4200,
    spinner: '⠹ ',
    ellipsis: '…',
  },
};

describe('the lines over a program', () => {
  it('names session, host, work, time and the way back', () => {
    expect(openingLine(opening, 100)).toBe(
      ' ⠹ Opening Fix webhook retries on prod-api   starting opencode, 4s         ctrl+] back to the fleet',
    );
    expect(openingLine(opening, 60)).toBe(' ⠹ Fix webhook retries on prod-api 4s           ctrl+] back');
    expect(silentLine(opening, 80)).toMatch(
      /^ Fix webhook retries on prod-api does not answer +ctrl\+\] back to the fleet$/,
    );
    expect(otherRequestLine('▲', opening, 80)).toMatch(/^ ▲ Fix webhook retries on prod-api asks +ctrl\+\]/);
  });

  it('fits any width, whatever the title is', () => {
    const titles = ['', 'x', '世界'.repeat(60), 'a\u001b[31m\nb', '😀 '.repeat(50)];
    for (const title of titles) {
      for (let columns = 1; columns < 200; columns += 1) {
        const line = openingLine({ ...opening, title }, columns);
        expect(textWidth(line)).toBeLessThan(Math.max(columns, 2));
        expect(line).not.toMatch(/[\u0000-\u001f]/);
        if (columns > 13) expect(line).toContain('ctrl+] back');
      }
    }
  });
});

describe('the status line', () => {
  const status: AttachedStatus = {
    ...{ title: 'Fix webhook retries', host: 'prod-api', directory: '/home/ada/work/payments' },
    ...{ asks: 'older', others: 4, sign: '▲', ellipsis: '…' },
  };

  it('names host, folder and session, what it asks, who else needs the user, and the way back', () => {
    expect(statusLine(status, 100)).toBe(
      ' ⇄ prod-api › …/payments › Fix webhook retries   ▲ asks: ctrl+] y   4 others need you   ctrl+] back',
    );
    expect(statusLine(status, 60)).toBe(' ⇄ prod-api › Fix webhook retries    ▲ y   +4   ctrl+] back');
    expect(statusLine({ ...status, asks: 'nothing', others: 0 }, 60)).toBe(
      ' ⇄ prod-api › …/payments › Fix webhook retries  ctrl+] back',
    );
  });

  it('fits any width, and keeps the way back', () => {
    for (const title of ['', 'x', '世界'.repeat(60), 'a\u001b[31m\nb', '😀 '.repeat(50)]) {
      for (const asks of ['nothing', 'something', 'older'] as const) {
        for (let columns = 1; columns < 160; columns += 1) {
          const line = statusLine({ ...status, title, asks, directory: '/' }, columns);
          expect(textWidth(line)).toBeLessThan(Math.max(columns, 2));
          expect(line).not.toMatch(/[\u0000-\u001f]/);
          if (columns > 13) expect(line).toContain('ctrl+] back');
        }
      }
    }
  });

  it('has plain signs where the theme has', () => {
    expect(statusLine({ ...status, ellipsis: '~', sign: '!' }, 100)).toMatch(/^ <> prod-api > ~\/payments > /);
  });
});
