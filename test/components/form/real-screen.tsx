import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';

class Stdout extends EventEmitter {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  readonly terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  write = (text: string, done?: unknown): boolean => {
    this.terminal.write(text.replaceAll('\n', '\r\n'));
    if (typeof done === 'function') done();
    return true;
  };
}

class Stdin extends EventEmitter {
  readonly isTTY = true;
  #waiting: string[] = [];
  setEncoding() {}
  setRawMode() {}
  resume() {}
  pause() {}
  ref() {}
  unref() {}
  read = (): string | null => this.#waiting.shift() ?? null;

  send(bytes: string): void {
    this.#waiting.push(bytes);
    this.emit('readable');
  }
}

/** Mounts a component on an emulated terminal, painted as the dashboard is, until the test ends. */
export function onRealScreen(columns: number, rows: number, node: ReactNode) {
  const stdout = new Stdout(columns, rows);
  const stdin = new Stdin();
  const instance = render(node, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  onTestFinished(() => {
    instance.unmount();
    stdout.terminal.dispose();
  });
  const buffer = () => stdout.terminal.buffer.active;
  return {
    send: (bytes: string) => stdin.send(bytes),
    lines: () => Array.from({ length: rows }, (_, at) => buffer().getLine(at)?.translateToString(true) ?? ''),
    cursor: () => ({ x: buffer().cursorX, y: buffer().cursorY }),
  };
}
