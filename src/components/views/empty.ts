import { parseFilter } from '../../fleet/filter/parse-filter.ts';
import type { OcrState } from '../../store/state.ts';
import { type Line, type Segment, segment, untrusted } from '../paint/line.ts';
import type { ViewInput } from './view.ts';

/** Says why a list is empty, and which key leads on. */
export function emptyLines({ state, counts, row }: ViewInput, otherwise: readonly Segment[]): readonly Line[] {
  if (!state.discovered) return [text('Reading the ssh config')];
  if (state.query !== '') {
    if (state.finds === null) return [text(parseFilter(state.query).problems[0]?.message ?? 'Searching')];
    return [
      {
        left: [
          segment('  Nothing matches '),
          untrusted(state.query, 'match'),
          untrusted(`${withoutText(state)}. esc clears the filter`, 'dim'),
        ],
      },
    ];
  }
  if (counts.refreshing > 0) {
    const asked = counts.hosts - counts.refreshing;
    return [text(`${row.painter.spinner(row.frame).trimEnd()} Asking ${counts.hosts} hosts, ${asked} answered`)];
  }
  return [{ left: [segment('  '), ...otherwise] }];
}

function withoutText({ noMatch }: OcrState): string {
  return noMatch === null ? '' : `. Without ${noMatch.without} ${noMatch.matches} match`;
}

function text(words: string): Line {
  return { left: [segment(`  ${words}`, 'dim')] };
}
