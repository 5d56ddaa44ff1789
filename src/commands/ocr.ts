import { watchOutput } from './output.ts';
import { createProgram } from './program.ts';

// The entry of the program: `bin/ocr.js` starts it.
watchOutput();
await createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    if (process.exitCode === undefined) throw error;
  });
