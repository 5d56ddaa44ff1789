import { useLayoutEffect } from 'react';
import type { ScrollRoom } from '../store/form/scroll.ts';
import type { Modal } from '../store/modal.ts';
import { confirmRoom } from './form/confirm-lines.ts';
import { ConfirmDialog, FormDialog, PagerDialog, ResultDialog } from './form/form-dialogs.tsx';
import { confirmHints, formHints, pagerHints, resultHints } from './form/form-hints.ts';
import type { DialogArea } from './form/form-lines.ts';
import { pagerRoom } from './form/pager-lines.ts';
import { resultRoom } from './form/result-lines.ts';
import { HEADER_HEIGHT } from './header.tsx';
import type { Painter } from './paint/painter.ts';

interface ModalProps {
  readonly modal: Modal;
  /** Called once the dialog is on the screen. */
  readonly onPainted: (modal: Modal) => void;
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
  readonly frame: number;
}

/** The dialog of an action. */
export function ModalDialog({ modal, onPainted, ...place }: ModalProps) {
  useLayoutEffect(() => onPainted(modal), [modal, onPainted]);
  switch (modal.kind) {
    case 'form':
      return <FormDialog form={modal.form} top={HEADER_HEIGHT} {...place} />;
    case 'confirm':
      return <ConfirmDialog confirm={modal.confirm} {...place} />;
    case 'results':
      return <ResultDialog results={modal.results} {...place} />;
    case 'pager':
      return <PagerDialog pager={modal.pager} {...place} />;
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
