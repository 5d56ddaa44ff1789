import { useEffect, useState } from 'react';

/** The time in epoch milliseconds, anew each second: ages and the countdown are painted from it. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
