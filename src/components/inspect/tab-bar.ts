import type { DetailTab } from '../../store/detail.ts';
import { type Line, type Segment, segment, widthOf } from '../paint/line.ts';

/**
 * Paints the tab names, the current one in brackets; without room for all, only that one. At the right, the first of
 * the texts that fits.
 */
export function tabBar(tabs: readonly DetailTab[], shown: DetailTab, right: readonly string[], columns: number): Line {
  const all = tabs.flatMap((tab) => tabSegments(tab, tab === shown));
  const place = `${tabs.indexOf(shown) + 1}/${tabs.length}`;
  const left = widthOf(all) <= columns ? all : [...tabSegments(shown, true), segment(place, 'dim')];
  const fitting = right.find((text) => widthOf(left) + text.length + 1 <= columns);
  return { left, right: fitting === undefined ? [] : [segment(fitting, 'dim')] };
}

function tabSegments(tab: DetailTab, isShown: boolean): Segment[] {
  return isShown ? [segment(`[${tab}]`, 'accent', true)] : [segment(` ${tab} `, 'dim')];
}
