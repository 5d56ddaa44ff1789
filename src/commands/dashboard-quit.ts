import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { QuestionDesk } from '../actions/question-desk.ts';
import { createConfirm } from '../store/form/confirm.ts';
import type { OcrStore } from '../store/store.ts';

export interface QuitParts {
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly desk: QuestionDesk;
  /** How many programs are attached. */
  readonly running: () => number;
  readonly leave: () => void;
}

/** Gives what leaves the dashboard, once the person has agreed to end the programs that run in the background. */
export function quitFrom({ store, dialogs, desk, running, leave }: QuitParts): () => Promise<void> {
  let isAsking = false;
  return async () => {
    if (running() === 0) return leave();
    // These would be painted over the question.
    store.setState({ helpShown: false, errorShown: false });
    desk.close();
    if (isAsking) return;
    isAsking = true;
    dialogs.began();
    const chosen = await dialogs.confirm(confirmQuit(running()));
    isAsking = false;
    if (chosen === 'y') leave();
  };
}

/** Sessions that were attached through a server go on without their programs. */
function confirmQuit(running: number) {
  return createConfirm({
    name: 'quit',
    title: `Quit ocr? ${running} ${running === 1 ? 'program is' : 'programs are'} attached in the background`,
    lines: [{ text: 'Quitting closes them. Sessions on a server go on; sessions opened directly end.' }],
    options: [{ key: 'y', label: 'quit ocr' }],
    keep: 'stay in ocr',
  });
}
