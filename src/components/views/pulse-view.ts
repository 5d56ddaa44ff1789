import { segment } from '../paint/line.ts';
import type { View } from './view.ts';

/** The fleet over time. */
export const pulseView: View = {
  name: 'pulse',
  title: 'Pulse',
  aliases: ['pulse', 'p'],
  pane: null,
  heads: () => null,
  line: () => ({ left: [] }),
  empty: () => [{ left: [segment('  Collecting, the first point comes in 1 minute', 'dim')] }],
  essence: () => ({ left: [], right: [] }),
};
