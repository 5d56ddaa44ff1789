import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OverlayLine } from '../../src/terminal/overlay-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a line that is shown or taken away just before the program is left keeps no timer', async () => {
  for (const end of [() => {}, (overlay: OverlayLine) => overlay.hide()]) {
    const painting = Promise.withResolvers<boolean>();
    const overlay = new OverlayLine(() => painting.promise);
    overlay.show(() => 'asks', 1000);
    end(overlay);
    overlay.close();
    painting.resolve(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
  }
});
