import { ExpectedError } from '../lib/errors.ts';

/** Work needs what a host's answer tells, and it has not answered yet. */
export class NotAnswered extends ExpectedError {
  override readonly name = 'NotAnswered';

  /** @param host its name */
  constructor(host: string) {
    super(`${host} has not answered yet`);
  }
}
