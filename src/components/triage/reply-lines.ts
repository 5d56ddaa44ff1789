import type { HostEntry } from '../../domain/fleet.ts';
import { formatAge } from '../../domain/format.ts';
import type { Session } from '../../domain/session.ts';
import type { TranscriptMessage } from '../../domain/transcript.ts';
import { contentOf, type DetailView } from '../../store/detail.ts';
import { sessionKey } from '../../store/keys.ts';
import type { LineView } from '../inspect/text-lines.ts';
import { messageLines } from '../inspect/transcript-lines.ts';
import { type Line, segment } from '../paint/line.ts';

/** Returns the last reply of the agent, with what it did before; `null` if the transcript was not read, or has none. */
export function replyLines(
  { entry, session }: { readonly entry: HostEntry; readonly session: Session },
  state: Pick<DetailView, 'detail'>,
  view: LineView,
  now: number,
): readonly Line[] | null {
  const { messages } = contentOf(state.detail, sessionKey(entry.host.alias, session.id));
  const last = messages.value?.findLast(({ role, parts }) => role === 'assistant' && parts.some(isText));
  if (last === undefined) return null;
  const offset = entry.snapshot?.clockOffset ?? 0;
  const head: Line = { left: [segment(`LAST REPLY  ${formatAge(now + offset - last.created)} ago`, 'dim', true)] };
  return [head, ...messageLines(last, { ...view, unfolded: false }).slice(1)];
}

function isText(part: TranscriptMessage['parts'][number]): boolean {
  return part.kind === 'text' && part.text.trim() !== '';
}
