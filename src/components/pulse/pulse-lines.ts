import { formatCount } from '../../domain/format.ts';
import { measureOf, type PulseRow, pulseRows } from '../../fleet/pulse/busiest-projects.ts';
import { sampleFleet } from '../../fleet/pulse/pulse-sample.ts';
import { selectEntryAttention } from '../../fleet/select-attention.ts';
import { statusOf } from '../../fleet/session-state.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import { withGround } from '../paint/overlay.ts';
import { formatAmount, formatShare } from './figures.ts';
import { hostBlock, hostBlockColumns } from './host-section.ts';
import { type BlockRow, projectBlock, projectBlockColumns } from './project-section.ts';
import type { PulseInput } from './pulse-input.ts';
import { SESSION_LINES, sessionLines } from './session-section.ts';

/** Width from which hosts stand beside the projects. */
const SIDE_BY_SIDE_COLUMNS = 100;
const SIDE_GAP = 3;
/** Rows of the projects with their heading that the graphs leave room for. */
const LEAST_PROJECT_LINES = 4;

/** Composes the Pulse view: at most `height` lines, each of at most `columns`. */
export function pulseLines(input: PulseInput): Line[] {
  const { state, now, measure, height } = input;
  const rows = pulseRows(state, now, measure);
  const isFull = height >= SESSION_LINES + 1 + LEAST_PROJECT_LINES;
  const graphs = isFull ? SESSION_LINES : height - Math.min(LEAST_PROJECT_LINES, Math.floor(height / 2));
  const blank: Line[] = isFull ? [{ left: [] }] : [];
  const above = [...sessionLines(input, graphs), ...blank];
  return [...above, ...listLines(input, rows, height - above.length)].slice(0, Math.max(0, height));
}

function listLines(input: PulseInput, rows: readonly PulseRow[], height: number): Line[] {
  const { columns, state } = input;
  if (columns >= SIDE_BY_SIDE_COLUMNS) {
    const right = hostBlockColumns(input, Math.floor(columns / 2));
    const left = projectBlockColumns(rows, columns - right - SIDE_GAP);
    return sideBySide(projectBlock(input, rows, left, height), hostBlock(input, right, height), left);
  }
  const wanted = Math.max(2, rows.length + 1);
  const least = Math.max(LEAST_PROJECT_LINES, Math.ceil(height / 2), height - 1 - (state.entries.size + 1));
  const projects = projectBlock(input, rows, columns, Math.min(height, wanted, least));
  const rest = height - projects.length - 1;
  const hosts = rest >= 2 ? hostBlock(input, columns, rest) : [];
  return [...projects.map(lineOf), ...(hosts.length > 0 ? [{ left: [] }] : []), ...hosts.map(lineOf)];
}

const lineOf = ({ segments, selected }: BlockRow): Line => ({ left: segments, ...(selected ? { selected } : {}) });

function sideBySide(left: readonly BlockRow[], right: readonly BlockRow[], columns: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const [one, other] = [left[index], right[index]];
    const beside: Segment[] =
      other === undefined ? [] : withGround([segment(' '.repeat(SIDE_GAP)), ...other.segments], 'view');
    const segments = [...(one?.segments ?? [segment(' '.repeat(columns))]), ...beside];
    return lineOf({ segments, selected: one?.selected ?? false });
  });
}

/** Composes the detail line of the selected project: its sessions, its use and its share of all; `null` if none is selected. */
export function pulseDetail(input: PulseInput): Line | null {
  const { state, now, measure, painter, frame } = input;
  const row = input.selected === null ? undefined : pulseRows(state, now, measure)[input.selected];
  if (row === undefined) return null;
  const { sessions, failed, working } = countSessions(input, row);
  const total = measureOf(sampleFleet(state, now), measure);
  const tokens = measureOf(row, 'tokens');
  const left = [segment(` ${formatCount(sessions)} session${sessions === 1 ? '' : 's'}`)];
  if (failed > 0) left.push(segment(`  ${painter.glyph('errored')}${failed}`, 'bad'));
  if (working > 0) left.push(segment(`  ${painter.spinner(frame)}${working}`, 'busy'));
  left.push(segment(`   ${formatAmount(tokens)} tokens`));
  if (total > 0) left.push(segment(`   ${formatShare(measureOf(row, measure) / total)} of today`));
  return { left };
}

function countSessions({ state, now }: PulseInput, { entry, path }: PulseRow) {
  const attention = selectEntryAttention(state, entry, now);
  const failed = attention.filter(({ session, attention: { kind } }) => kind === 'error' && session.project === path);
  const roots = (entry.snapshot?.sessions ?? []).filter(
    ({ project, parentId, archived }) => project === path && parentId === null && archived === null,
  );
  const working = roots.filter((session) => statusOf(entry, session, state.settings, now) === 'working').length;
  return { sessions: roots.length, failed: failed.length, working };
}
