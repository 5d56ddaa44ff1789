interface MousePlace {
  /** Cells from the left and from the top, counted from 0. */
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

export type MouseButton = 'left' | 'middle' | 'right';

/** A report of the terminal's mouse. A `drag` is a move with the button held. */
export type MouseEvent =
  | (MousePlace & { readonly kind: 'press' | 'release' | 'drag'; readonly button: MouseButton })
  /** One step of the wheel: -1 up, 1 down. */
  | (MousePlace & { readonly kind: 'wheel'; readonly wheel: -1 | 1 });

/** Milliseconds within which a second press makes a double click. */
const DOUBLE_CLICK_MS = 400;

/** The last press that may become a double click. */
export interface LastClick {
  readonly x: number;
  readonly y: number;
  /** Milliseconds of any clock that does not go back. */
  readonly at: number;
}

/**
 * Tells whether an event completes a double click: a second press of the left button on the same cell within 400 ms. A third press begins anew.
 *
 * @param last from the call before; `null` at first
 * @param now milliseconds of the clock that `last.at` is from
 * @returns the `last` for the next call
 */
export function readClick(
  event: MouseEvent,
  last: LastClick | null,
  now: number,
): { readonly isDouble: boolean; readonly last: LastClick | null } {
  if (event.kind === 'release') return { isDouble: false, last };
  if (event.kind !== 'press' || event.button !== 'left') return { isDouble: false, last: null };
  const { x, y } = event;
  const isDouble = last !== null && last.x === x && last.y === y && now - last.at <= DOUBLE_CLICK_MS;
  return { isDouble, last: isDouble ? null : { x, y, at: now } };
}
