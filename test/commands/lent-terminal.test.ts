import { describe, expect, it } from 'vitest';
import { LentTerminal } from '../../src/commands/lent-terminal.ts';

describe('a terminal that is lent', () => {
  it('gets what ocr writes once it is given back', async () => {
    let written = '';
    const lent = new LentTerminal(
      (text) => {
        written += text;
      },
      () => false,
    );
    lent.write('1');
    await lent.lend(async () => {
      lent.write('2');
      await expect(lent.lend(() => expect.unreachable())).rejects.toThrow('another program has the terminal');
      lent.write('3');
      expect([lent.isLent, written]).toEqual([true, '1']);
    });
    expect([lent.isLent, written]).toEqual([false, '123']);
  });

  it('gets it at once where the program that has it lets that in', async () => {
    let inserted = '';
    const lent = new LentTerminal(
      () => expect.unreachable(),
      (text) => {
        inserted += text;
        return true;
      },
    );
    await lent.lend(async () => lent.write('bell'));
    expect(inserted).toBe('bell');
  });
});
