import { printable } from '../../domain/printable.ts';
import type { AuthDialogState } from '../../store/auth-dialog.ts';
import { type Line, segment, untrusted } from '../paint/line.ts';
import { wrapText } from '../paint/wrap.ts';
import { type AuthView, bodyColumns, MARGIN, paragraph } from './auth-view.ts';
import { hostKeySections } from './host-key-lines.ts';
import { secretSections } from './secret-lines.ts';
import { fitSections, type Section } from './sections.ts';

/** Lines of progress beside a question or a failure. */
const MAX_PROGRESS_LINES = 5;

/** Composes the authentication dialog as lines of the screen. */
export function authLines(dialog: AuthDialogState, view: AuthView): Line[] {
  const sections = [titleSection(dialog), progressSection(dialog, view), ...bodySections(dialog, view)];
  return fitSections([...sections, commandsSection(dialog, view)], view.height);
}

function titleSection({ label, waiting }: AuthDialogState): Section {
  const more = waiting > 0 ? `${waiting} more to answer` : '';
  const left = [segment(`${MARGIN}Authenticate `, 'accent', true), untrusted(label, 'accent', true)];
  return { lines: [{ left, right: [segment(`${more}${MARGIN}`, 'dim')] }], rank: 3 };
}

/** Shows the progress: while connecting, its last line with the spinner. */
function progressSection({ progress, question, failure }: AuthDialogState, view: AuthView): Section {
  const isConnecting = question === null && failure === null;
  const said = isConnecting ? (progress.length > 0 ? progress : ['connecting']) : progress.slice(-MAX_PROGRESS_LINES);
  const lines = said.map((text, at): Line => {
    const isNow = isConnecting && at === said.length - 1;
    const mark = isNow ? segment(`${view.painter.spinner(view.frame)} `, 'busy') : segment(MARGIN);
    return { left: [mark, untrusted(text, isNow ? 'text' : 'dim')] };
  });
  return { lines, rank: isConnecting ? 1 : 8, focus: lines.length - 1 };
}

function bodySections({ question, failure }: AuthDialogState, view: AuthView): Section[] {
  if (question?.kind === 'secret') return secretSections(question, view);
  if (question?.kind === 'host-key') return hostKeySections(question.question, view);
  if (failure === null) return [];
  const columns = bodyColumns(view.columns);
  return [
    { lines: paragraph(failure.reason, columns, view.painter, { colour: 'bad', bold: true }), rank: 1 },
    { lines: failure.lines.flatMap((line) => paragraph(line, columns, view.painter)), rank: 2 },
  ];
}

/** Shows the equivalent commands for a terminal. */
function commandsSection({ commands }: AuthDialogState, view: AuthView): Section {
  if (commands.length === 0) return { lines: [], rank: 9 };
  const columns = bodyColumns(view.columns);
  const intro = paragraph('The same in a terminal (ctrl+t runs it here):', columns, view.painter, { colour: 'dim' });
  const lines = commands.flatMap((command) =>
    wrapText(printable(command), Math.max(1, columns - 2)).map(
      (text, at): Line => ({ left: [segment(MARGIN), segment(at === 0 ? '$ ' : '  ', 'dim'), segment(text)] }),
    ),
  );
  return { lines: [...intro, ...lines], rank: 9, whole: true };
}
