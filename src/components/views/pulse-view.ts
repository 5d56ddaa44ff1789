import { selectedIndex } from '../../store/view-transitions.ts';
import type { PulseInput } from '../pulse/pulse-input.ts';
import { pulseDetail, pulseLines } from '../pulse/pulse-lines.ts';
import type { Area } from '../screen.ts';
import type { View, ViewInput } from './view.ts';

/** The fleet over time: states, tokens, money, load. */
export const pulseView: View = {
  name: 'pulse',
  title: 'Pulse',
  aliases: ['pulse', 'p'],
  pane: null,
  heads: () => null,
  body: (input, area) => pulseLines(pulseInput(input, area)),
  line: () => ({ left: [] }),
  empty: () => [],
  essence: (_row, input) => {
    const detail = pulseDetail(pulseInput(input, { columns: input.columns, height: 0 }));
    return { left: detail?.left ?? [], right: detail?.right ?? [] };
  },
};

function pulseInput({ state, rows, row }: ViewInput, { columns, height }: Area): PulseInput {
  return {
    state,
    series: state.pulse.series,
    range: state.pulse.range,
    measure: state.pulse.measure,
    now: row.now,
    selected: rows.length === 0 ? null : selectedIndex(rows, state),
    frame: row.frame,
    painter: row.painter,
    columns,
    height,
  };
}
