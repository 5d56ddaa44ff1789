/**
 * Runs a task in slices, so that keys and frames go first. It may yield wherever the next slice may begin.
 * @param sliceMs milliseconds after which a slice ends at the next yield
 * @param done gets the result, and how many milliseconds the task has held the thread
 * @returns a function that cancels the task
 */
export function runSliced<Result>(
  task: Iterator<unknown, Result>,
  sliceMs: number,
  done: (result: Result, tookMs: number) => void,
): () => void {
  let tookMs = 0;
  let pending = setImmediate(slice);

  function slice(): void {
    const begun = performance.now();
    for (;;) {
      const step = task.next();
      const sliceTook = performance.now() - begun;
      if (step.done) return done(step.value, tookMs + sliceTook);
      if (sliceTook < sliceMs) continue;
      tookMs += sliceTook;
      pending = setImmediate(slice);
      return;
    }
  }

  return () => clearImmediate(pending);
}
