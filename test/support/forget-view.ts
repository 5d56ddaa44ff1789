import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes the next dashboard start as the first one of its user, without the view, folds and selection of the last time. */
export async function forgetView({ HOME = '', XDG_STATE_HOME }: NodeJS.ProcessEnv): Promise<void> {
  await rm(join(XDG_STATE_HOME ?? join(HOME, '.local/state'), 'ocr/view.json'), { force: true });
}
