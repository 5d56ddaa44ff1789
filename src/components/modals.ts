import type { ScrollRoom } from '../store/form/scroll.ts';
import type { Modal } from '../store/modal.ts';
import { confirmLines, confirmRoom } from './form/confirm-lines.ts';
import { confirmHints, formHints, pagerHints, resultHints } from './form/form-hints.ts';
import { type DialogArea, type DialogView, formLines } from './form/form-lines.ts';
import { pagerLines, pagerRoom } from './form/pager-lines.ts';
import { resultLines, resultRoom } from './form/result-lines.ts';

/** Composes the dialog of an action. The cursor is a place within the dialog; `null` when no text is edited. */
export function modalLines(modal: Modal, view: DialogView): ReturnType<typeof formLines> {
  switch (modal.kind) {
    case 'form':
      return formLines(modal.form, view);
    case 'confirm':
      return { lines: confirmLines(modal.confirm, view), cursor: null };
    case 'results':
      return { lines: resultLines(modal.results, view), cursor: null };
    case 'pager':
      return { lines: pagerLines(modal.pager, view), cursor: null };
  }
}

/** Returns how many lines a dialog has, and how many are visible. */
export function roomOfModal(modal: Modal, area: DialogArea): ScrollRoom {
  switch (modal.kind) {
    case 'form':
      return { count: 0, height: area.height };
    case 'confirm':
      return confirmRoom(modal.confirm, area);
    case 'results':
      return resultRoom(modal.results, area);
    case 'pager':
      return pagerRoom(modal.pager, area);
  }
}

/** The keys of a dialog, for the footer. */
export function hintsOfModal(modal: Modal): { key: string; hint: string }[] {
  switch (modal.kind) {
    case 'form':
      return formHints(modal.form);
    case 'confirm':
      return confirmHints(modal.confirm);
    case 'results':
      return resultHints();
    case 'pager':
      return pagerHints(modal.pager);
  }
}
