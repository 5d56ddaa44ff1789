import { printable } from '../../domain/printable.ts';
import { type Line, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { wrapText } from '../paint/wrap.ts';

/** Why no host answers. */
export interface OfflineFacts {
  readonly hosts: number;
  /** Hosts that failed for the most common reason. */
  readonly alike: number;
  /** That reason, as it came; `null` if there is none to tell. */
  readonly reason: string | null;
  /** Milliseconds that the slowest of them took to fail; `null` if unknown. */
  readonly within: number | null;
  /** True if something is known of a host from an earlier run. */
  readonly hasLastState: boolean;
}

const INDENT = '   ';

/** Returns the lines above the list while no host answers. Each is at most `columns` wide. */
export function offlineLines(facts: OfflineFacts, painter: Painter, columns: number): Line[] {
  const room = Math.max(1, columns - INDENT.length);
  const [head = '', ...rest] = wrapText(`No host answers.${explain(facts)}`, room);
  const advice = facts.hasLastState
    ? 'The list shows the last known state. You can act again once a host is back.'
    : 'No data from earlier runs. r tries again, e shows why.';
  return [
    { left: [segment(` ${painter.glyph('offline')} `, 'dim'), segment(head, 'text', true)] },
    ...rest.map((text) => ({ left: [segment(INDENT), segment(text, 'text', true)] })),
    ...wrapText(advice, room).map((text) => ({ left: [segment(INDENT), segment(text, 'dim')] })),
  ];
}

/** This machine is suspected if most hosts fail alike. */
function explain({ hosts, alike, reason, within }: OfflineFacts): string {
  if (reason === null) return '';
  const count = alike === hosts ? `All ${hosts}` : `${alike} of ${hosts}`;
  const time = within === null ? '' : ` within ${Math.max(1, Math.ceil(within / 1000))}s`;
  const doubt = hosts > 1 && alike * 2 > hosts ? ' Is this machine online?' : '';
  return `  ${hosts === 1 ? 'It' : count} failed${time}: "${printable(reason)}".${doubt}`;
}
