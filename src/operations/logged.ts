import type { OperationContext } from './context.ts';
import { failureOf } from './failure.ts';

/** Runs an operation, and adds its result or its failure to the host's activity log. */
export async function logged<Result>(
  context: Pick<OperationContext, 'clock' | 'log' | 'signal'>,
  alias: string,
  what: string,
  run: () => Promise<Result>,
  textOf: (result: Result) => string = () => 'done',
): Promise<Result> {
  const at = context.clock();
  const note = (result: string) => context.log(alias, { at, duration: context.clock() - at, what, result });
  try {
    const result = await run();
    note(textOf(result));
    return result;
  } catch (error) {
    if (!context.signal.aborted) note(failureOf(error).reason);
    throw error;
  }
}
