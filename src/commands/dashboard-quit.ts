import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { QuestionDesk } from '../actions/question-desk.ts';
import { createConfirm } from '../store/form/confirm.ts';
import type { OcrStore } from '../store/store.ts';

export interface QuitParts {
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly desk: QuestionDesk;
  /** Returns the number of attached programs. */
  readonly running: () => number;
  readonly leave: () => void;
}

/** Returns the function that leaves the dashboard, after the user agreed to end the background programs. */
export function quitFrom({ store, dialogs, desk, running, leave }: QuitParts): () => Promise<void> {
  let isAsking = false;
  return async () => {
    if (running() === 0) return leave();
    // These would be painted over the question.
    store.setState({ help: null, errorShown: false });
    desk.close();
    if (isAsking) return;
    isAsking = true;
    dialogs.began();
    const chosen = await dialogs.confirm(confirmQuit(running()));
    isAsking = false;
    if (chosen === 'y') leave();
  };
}

/** Sessions attached through a server go on without their programs. */
function confirmQuit(running: number) {
  return createConfirm({
    name: 'quit',
    title: `Quit ocr? ${running} ${running === 1 ? 'program is' : 'programs are'} attached in the background`,
    lines: [{ text: 'Quitting closes them. Sessions on a server go on; sessions opened directly end.' }],
    options: [{ key: 'y', label: 'quit ocr' }],
    keep: 'stay in ocr',
  });
}
