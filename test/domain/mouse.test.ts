import { expect, it } from 'vitest';
import { type LastClick, type MouseEvent, readClick } from '../../src/domain/mouse.ts';

const place = { x: 3, y: 4, shift: false, alt: false, ctrl: false };
const press: MouseEvent = { ...place, kind: 'press', button: 'left' };
const release: MouseEvent = { ...place, kind: 'release', button: 'left' };

/** Returns for each event whether it completes a double click. */
function doubles(events: readonly (readonly [at: number, event: MouseEvent])[]): boolean[] {
  let last: LastClick | null = null;
  return events.map(([at, event]) => {
    const read = readClick(event, last, at);
    last = read.last;
    return read.isDouble;
  });
}

it('two presses on the same cell within 400 ms are a double click', () => {
  const events = [
    [0, press],
    [50, release],
    [400, press],
    [450, release],
  ] as const;
  expect(doubles(events)).toEqual([false, false, true, false]);
});

it('a third press begins anew', () => {
  const events = [0, 100, 200, 300].map((at) => [at, press] as const);
  expect(doubles(events)).toEqual([false, true, false, true]);
});

it.each([
  ['too late', [401, press]],
  ['on another cell', [100, { ...press, x: 9 }]],
  ['of another button', [100, { ...press, button: 'right' }]],
] as const)('a second press %s is a click of its own', (_name, second) => {
  expect(doubles([[0, press], second])).toEqual([false, false]);
});

it.each([
  ['drag', { ...press, kind: 'drag' }],
  ['turn of the wheel', { ...place, kind: 'wheel', wheel: 1 }],
] as const)('a %s in between is no double click', (_name, between) => {
  expect(
    doubles([
      [0, press],
      [100, between],
      [200, press],
    ]),
  ).toEqual([false, false, false]);
});
