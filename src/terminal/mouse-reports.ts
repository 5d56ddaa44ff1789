import type { MouseButton, MouseEvent } from '../domain/mouse.ts';

/** Reports of button presses (1000) and of moves with a button held (1002), in the SGR form (1006): xterm's ctlseqs, Mouse Tracking. */
export const MOUSE_ON = '\u001b[?1000h\u001b[?1002h\u001b[?1006h';
export const MOUSE_OFF = '\u001b[?1006l\u001b[?1002l\u001b[?1000l';

/** `CSI < button ; x ; y M`, with `m` for a release. */
const SGR_REPORT = /\u001b\[<(\d{1,3});(\d{1,5});(\d{1,5})([Mm])/g;

/** Bits of the button's number. */
const [SHIFT, ALT, CTRL, MOVED, WHEEL, EXTRA] = [4, 8, 16, 32, 64, 128] as const;
const BUTTONS: readonly (MouseButton | undefined)[] = ['left', 'middle', 'right'];
const WHEEL_STEPS: readonly (-1 | 1 | undefined)[] = [-1, 1];

/** Parses the mouse reports in a terminal's input. Skips what is none, and moves without a button, sideways wheels and extra buttons. */
export function parseMouseReports(reports: string): MouseEvent[] {
  return [...reports.matchAll(SGR_REPORT)].flatMap(([, code, x, y, final]) => {
    const event = eventOf(Number(code), Number(x) - 1, Number(y) - 1, final === 'm');
    return event === null ? [] : [event];
  });
}

function eventOf(code: number, x: number, y: number, isRelease: boolean): MouseEvent | null {
  if (x < 0 || y < 0 || code >= EXTRA) return null;
  const place = { x, y, shift: (code & SHIFT) !== 0, alt: (code & ALT) !== 0, ctrl: (code & CTRL) !== 0 };
  const isMoved = (code & MOVED) !== 0;
  if ((code & WHEEL) !== 0) {
    const wheel = isRelease || isMoved ? undefined : WHEEL_STEPS[code & 3];
    return wheel === undefined ? null : { kind: 'wheel', ...place, wheel };
  }
  const button = BUTTONS[code & 3];
  if (button === undefined) return null;
  return { kind: isRelease ? 'release' : isMoved ? 'drag' : 'press', ...place, button };
}
