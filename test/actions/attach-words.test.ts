import { describe, expect, it } from 'vitest';
import { openingLine, otherRequestLine, silentLine } from '../../src/actions/attach-words.ts';
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
