import { Writable } from 'node:stream';
import { render } from 'ink';
import { App, type AppProps } from '../components/app.tsx';
import type { KeyboardInput } from '../terminal/keyboard-input.ts';

/** Discards Ink's output, since the dashboard paints its own screens. Ink needs a size. */
class NoOutput extends Writable {
  readonly columns = 80;
  readonly rows = 24;

  constructor() {
    super({ write: (_chunk, _encoding, done) => done() });
  }
}

export interface MountedDashboard {
  unmount(): void;
  /** Rejects when a component fails. */
  readonly ended: Promise<unknown>;
}

/** Runs the dashboard's components, with Ink for their keys. */
export function mountDashboard(props: AppProps, keyboard: KeyboardInput): MountedDashboard {
  const instance = render(<App {...props} />, {
    stdout: new NoOutput() as unknown as NodeJS.WriteStream,
    stdin: keyboard as unknown as NodeJS.ReadStream,
    interactive: false,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return { unmount: () => instance.unmount(), ended: instance.waitUntilExit() };
}
