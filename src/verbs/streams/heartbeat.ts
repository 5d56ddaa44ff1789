/** Yields the values of a source, and a heartbeat in each interval (milliseconds). Ends with the source, and when the signal aborts. */
export async function* withHeartbeat<Value>(
  source: AsyncGenerator<Value>,
  interval: number,
  beat: (at: string) => Value,
  signal: AbortSignal,
): AsyncGenerator<Value> {
  let due = Promise.withResolvers<'beat'>();
  const timer = setInterval(() => due.resolve('beat'), interval);
  const ended = Promise.withResolvers<'ended'>();
  const end = () => ended.resolve('ended');
  signal.addEventListener('abort', end, { once: true });
  try {
    let next = source.next();
    while (!signal.aborted) {
      const first = await Promise.race([next, due.promise, ended.promise]);
      if (first === 'ended') break;
      if (first === 'beat') {
        due = Promise.withResolvers();
        yield beat(new Date().toISOString());
        continue;
      }
      if (first.done === true) return;
      yield first.value;
      next = source.next();
    }
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', end);
    await source.return(undefined).catch(() => {});
  }
}
