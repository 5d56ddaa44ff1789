import { formatAge } from '../../domain/format.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import { type Line, segment, untrusted } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { ATTENTION_COLOURS, ATTENTION_WORDS } from '../tree/attention-line.ts';
import { factLines, requestLines } from './request-lines.ts';

/** Painting context of a list item. */
interface ListView {
  readonly painter: Painter;
  readonly now: number;
}

/** Paints the line of a session that needs the user: why, for how long, where, and its request. */
export function itemLine({ entry, session, attention }: AttentionItem, selected: boolean, view: ListView): Line {
  const { kind, since, detail, more } = attention;
  return {
    selected,
    left: [
      segment(selected ? `${view.painter.glyph('cursor')} ` : '  ', 'accent'),
      segment(ATTENTION_WORDS[kind].padEnd(11), ATTENTION_COLOURS[kind], true),
      segment(`${formatAge(view.now - since).padStart(4)}  `, 'dim'),
      untrusted(entry.host.label, 'host', true),
      segment('  '),
      untrusted(session.title || 'untitled', 'title'),
      ...(detail === '' ? [] : [segment('  '), untrusted(detail, 'dim')]),
    ],
    right: more > 0 ? [segment(`+${more} `, 'warn')] : [],
  };
}

/** Paints the request in full. */
export function itemDetail({ entry, session, attention }: AttentionItem, now: number, columns: number): Line[] {
  const { kind, request, detail, since } = attention;
  const head: Line[] = [
    { left: [untrusted(session.title || 'untitled', 'accent', true)] },
    ...factLines('host', entry.host.label, columns),
    ...factLines('directory', session.directory, columns),
    ...factLines('why', EXPLAINED[kind](formatAge(now - since)), columns),
  ];
  if (request !== null && request.sessionId !== session.id) {
    const asking = entry.snapshot?.sessions.find(({ id }) => id === request.sessionId);
    head.push(...factLines('subagent', asking?.title ?? request.sessionId, columns));
  }
  if (request === null) return detail === '' ? head : [...head, ...factLines('error', detail, columns)];
  return [...head, { left: [] }, ...requestLines(request, columns)];
}

const EXPLAINED: Readonly<Record<AttentionItem['attention']['kind'], (age: string) => string>> = {
  permission: (age) => `asked for a permission ${age} ago`,
  question: (age) => `asked a question ${age} ago`,
  error: (age) => `failed ${age} ago`,
  ended: (age) => `done ${age} ago`,
  stalled: (age) => `stalled: no event for ${age}`,
};
