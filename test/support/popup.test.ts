import { describe, expect, it } from 'vitest';
import { popupOf } from './popup.ts';

describe('a popup on a screen', () => {
  it('is read by its title, its text and its keys, with the view at both sides left out', () => {
    const lines = [
      ' ocr  nothing needs you',
      ' 💤 a ╭ Delete? ───── 1-2 of 9 ╮ view',
      ' 💤 b │   first                │ view',
      ' 💤 c │   y      delete        │ view',
      ' 💤 d ╰ y delete  n keep ──────╯ view',
    ];
    expect(popupOf(lines)).toEqual(['Delete?', '  first', '  y      delete', 'y delete  n keep']);
  });

  it('is read in ASCII too, and with a picture in it', () => {
    const lines = [
      ' ocr',
      ' x + Host asks ------- field 1 of 2 +',
      ' x |  +--[ED25519 256]--+           |',
      ' x + enter send --------------------+ y',
    ];
    expect(popupOf(lines)).toEqual(['Host asks', ' +--[ED25519 256]--+', 'enter send']);
  });

  it('is nothing without a frame', () => {
    expect(popupOf([' ocr', ' +--[ED25519 256]--+', ' a + b -- c'])).toEqual([]);
  });
});
