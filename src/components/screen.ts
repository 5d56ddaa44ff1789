/** Columns and rows of a part of the screen. */
export interface Area {
  readonly columns: number;
  readonly height: number;
}

/** How the rows and columns of the screen are divided. */
export interface Screen {
  readonly columns: number;
  /** Rows of each part above and below the body; 0 where the screen is too low for it, or the user hid it. */
  readonly header: 0 | 1;
  readonly location: 0 | 1;
  readonly heads: 0 | 1;
  readonly detail: 0 | 1;
  /** Rows between the lines above and below: column heads, list and pane. */
  readonly body: number;
  /** The list, its scrollbar included, without its column heads. */
  readonly list: Area;
  /** The panel of the selected row, or its request. */
  readonly pane: Area | null;
  /** True if the pane is right of the list, else below it. */
  readonly beside: boolean;
}

export interface ScreenWishes {
  readonly columns: number;
  readonly rows: number;
  /** False: neither header nor column heads. */
  readonly heads: boolean;
  readonly pane: 'panel' | 'request' | null;
  /** Rows in the list: a request takes what they leave. */
  readonly listed: number;
  /** Columns or rows that the user added to the panel, or took away. */
  readonly grown: number;
}

/** Rows from which the screen has everything, and from which it has a line for places and one for details. */
const ALL_ROWS = 20;
const PLACE_ROWS = 14;
/** Width from which the panel is beside the list, and from which it can be below. */
const BESIDE_COLUMNS = 120;
const BELOW_COLUMNS = 60;
const PANEL_SHARE = 0.44;
const MIN_LIST_COLUMNS = 40;
const MIN_PANEL_COLUMNS = 30;
const MIN_LIST_ROWS = 4;
/** Rows of the list above a request. */
const MAX_TRIAGE_ROWS = 12;

/** Divides the screen. */
export function arrangeScreen(wishes: ScreenWishes): Screen {
  const { columns, rows } = wishes;
  const header = wishes.heads ? 1 : 0;
  const location = rows >= PLACE_ROWS ? 1 : 0;
  const detail = rows >= PLACE_ROWS ? 1 : 0;
  const heads = rows >= ALL_ROWS && wishes.heads ? 1 : 0;
  const body = Math.max(1, rows - 1 - header - location - detail);
  const base = { columns, header, location, heads, detail, body } as const;
  const height = body - heads;
  const whole: Screen = { ...base, list: { columns, height }, pane: null, beside: false };
  if (wishes.pane === 'request') return withRequest(whole, wishes.listed);
  return wishes.pane === 'panel' ? withPanel(whole, wishes.grown) : whole;
}

function withRequest(whole: Screen, listed: number): Screen {
  const { columns, height } = whole.list;
  const list = Math.min(Math.max(1, listed), MAX_TRIAGE_ROWS, Math.max(1, Math.floor((height - 1) / 2)));
  if (height - list < 2) return whole;
  return { ...whole, list: { columns, height: list }, pane: { columns, height: height - list } };
}

function withPanel(whole: Screen, grown: number): Screen {
  const { columns, height } = whole.list;
  if (columns >= BESIDE_COLUMNS) {
    const wanted = Math.round(columns * PANEL_SHARE) + grown;
    const panel = Math.max(MIN_PANEL_COLUMNS, Math.min(columns - MIN_LIST_COLUMNS, wanted));
    return {
      ...whole,
      list: { columns: columns - panel, height },
      pane: { columns: panel, height: whole.body },
      beside: true,
    };
  }
  const rows = Math.max(MIN_LIST_ROWS, Math.min(height - MIN_LIST_ROWS, Math.floor(height / 2) + grown));
  if (columns < BELOW_COLUMNS || height - rows < MIN_LIST_ROWS) return whole;
  return { ...whole, list: { columns, height: height - rows }, pane: { columns, height: rows } };
}
