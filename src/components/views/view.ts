import type { AttentionItem } from '../../fleet/select-attention.ts';
import type { FleetCounts } from '../../fleet/statistics.ts';
import type { Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import type { ViewName } from '../../store/view.ts';
import type { RowView } from '../list/row-view.ts';
import type { Line, Segment } from '../paint/line.ts';
import type { Area } from '../screen.ts';
import type { CommonWidths } from './titles.ts';

/** What a view is painted from. */
export interface ViewInput {
  readonly state: OcrState;
  readonly rows: readonly Row[];
  readonly counts: FleetCounts;
  /** The sessions that need the user, in the order of the triage view. */
  readonly attention: readonly AttentionItem[];
  readonly row: RowView;
  readonly widths: CommonWidths;
  /** Columns of the list, without its scrollbar. */
  readonly columns: number;
}

/** A view of the dashboard, as data. To add one, write it here, its rows in `store/views`, and its name in `store/view.ts`. */
export interface View {
  readonly name: ViewName;
  /** Its tab. */
  readonly title: string;
  /** Its names on the command line; the first one is completed. */
  readonly aliases: readonly string[];
  /** What stands beside or below the list: the panel of the selected row, the request of a session, or nothing. */
  readonly pane: 'panel' | 'request' | null;
  /** The heads of its columns; `null` for a view without columns. */
  heads(input: ViewInput): Line | null;
  /** Composes the whole body, for a view that is not a list. */
  body?(input: ViewInput, area: Area): readonly Line[];
  line(row: Row, selected: boolean, input: ViewInput): Line;
  /** Shown instead of rows when there are none. */
  empty(input: ViewInput): readonly Line[];
  /** What the detail line tells of the selected row: a left and a right part. */
  essence(row: Row, input: ViewInput): { readonly left: readonly Segment[]; readonly right: readonly Segment[] };
}
