import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import { render } from 'ink-testing-library';
import type { ReactElement } from 'react';
import { onTestFinished } from 'vitest';
import type { ScreenTarget } from '../../../src/domain/painted-screen.ts';
import { ScreenOutput } from '../../../src/terminal/screen-output.ts';

class EmulatedTerminal extends EventEmitter {
  readonly columns: number;
  readonly rows: number;
  readonly emulator: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  write(text: string): void {
    this.emulator.write(text);
  }
}

/** Mounts a component on an emulated terminal, painted as the dashboard is, until the test ends. */
export function onRealScreen(columns: number, rows: number, node: (target: ScreenTarget) => ReactElement) {
  const terminal = new EmulatedTerminal(columns, rows);
  const output = new ScreenOutput(terminal, (error) => {
    throw error;
  });
  output.open();
  const { stdin, unmount } = render(node(output));
  onTestFinished(() => {
    unmount();
    output.close();
    terminal.emulator.dispose();
  });
  const buffer = () => terminal.emulator.buffer.active;
  return {
    send: (bytes: string) => stdin.write(bytes),
    lines: () => Array.from({ length: rows }, (_, at) => buffer().getLine(at)?.translateToString(true) ?? ''),
    cursor: () => ({ x: buffer().cursorX, y: buffer().cursorY }),
  };
}
