import { useEffect, useState } from 'react';
import type { ScreenTarget, TerminalSize } from '../domain/painted-screen.ts';

/** Returns the size of the terminal now. */
export function useScreenSize(target: ScreenTarget): TerminalSize {
  const [size, setSize] = useState(target.size);
  useEffect(() => {
    const stop = target.onResize(() => setSize(target.size));
    // It may have changed before anyone listened.
    setSize(target.size);
    return stop;
  }, [target]);
  return size;
}
