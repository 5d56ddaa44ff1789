import { useEffect, useState } from 'react';

/**
 * Returns the time in epoch milliseconds, updated each second for ages and the countdown.
 * @param wakeAt time of a change between two seconds, epoch milliseconds; `null` for none
 */
export function useNow(wakeAt: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (wakeAt === null) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, wakeAt - Date.now()));
    return () => clearTimeout(timer);
  }, [wakeAt]);
  return now;
}
