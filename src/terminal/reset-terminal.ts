/**
 * Switches off modes that an interrupted full-screen program leaves on: mouse and focus reports, bracketed paste,
 * reports of colours and sizes, synchronised output, a hidden cursor, other charsets, colours (xterm's control
 * sequences). Keyboard settings are undone separately.
 */
export const RESET_TERMINAL =
  '\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?1004l\u001b[?2004l\u001b[?2031l\u001b[?2048l\u001b[?2026l\u001b[>4;0m\u001b[?25h\u001b(B\u000f\u001b[0m';

export const ENTER_ALTERNATE_SCREEN = '\u001b[?1049h';
/** Only where it is in use: elsewhere it would move the cursor. */
export const LEAVE_ALTERNATE_SCREEN = '\u001b[?1049l';

/** Resets a screen to default attributes, a hidden cursor, wrapping lines, and full scrolling. */
export const PLAIN_SCREEN = '\u001b[0m\u001b[?25l\u001b[?6l\u001b[4l\u001b[?7h\u001b[r\u001b[H\u001b[2J';

export const SET_PLAIN = '\u001b[0m';
export const ERASE_SCREEN = '\u001b[2J';
export const HIDE_CURSOR = '\u001b[?25l';
export const SHOW_CURSOR = '\u001b[?25h';

/** Keeps a terminal from showing an incomplete frame. */
export const BEGIN_FRAME = '\u001b[?2026h';
export const END_FRAME = '\u001b[?2026l';

/** The title is put on a stack and taken from it (xterm). */
export const PUSH_TITLE = '\u001b[22;0t';
export const POP_TITLE = '\u001b[23;0t';

/** Ends a sequence that goes no further. */
export const CANCEL = '\u0018';
