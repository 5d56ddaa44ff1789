/** Columns and rows of a part of the screen. */
export interface Area {
  readonly columns: number;
  readonly height: number;
}

export interface Screen {
  /** Rows between header and footer. */
  readonly height: number;
  readonly tree: Area;
  readonly inspect: Area | null;
  /** True if the inspect panel is right of the tree, else below it. */
  readonly beside: boolean;
}

/** Width from which the inspect panel is beside the tree. */
const WIDE_COLUMNS = 110;
const LEAST_TREE_HEIGHT = 3;

/** Divides the space between header and footer. A screen too low for a panel shows only the tree. */
export function arrangeScreen(columns: number, rows: number, inspecting: boolean): Screen {
  const height = Math.max(1, rows);
  const beside = columns >= WIDE_COLUMNS;
  if (!inspecting) return { height, tree: { columns, height }, inspect: null, beside };
  if (beside) {
    const panel = Math.min(64, Math.floor(columns * 0.42));
    return { height, tree: { columns: columns - panel, height }, inspect: { columns: panel, height }, beside };
  }
  const panel = Math.min(14, Math.floor(height * 0.55));
  if (height - panel < LEAST_TREE_HEIGHT) return { height, tree: { columns, height }, inspect: null, beside };
  return { height, tree: { columns, height: height - panel }, inspect: { columns, height: panel }, beside };
}
