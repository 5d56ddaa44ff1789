import { withInstanceFirst } from './instance-first.ts';
import { watchOutput } from './output.ts';
import { createProgram } from './program.ts';

// The entry of the program: `bin/ocr.js` starts it.
watchOutput();
const args = process.argv.slice(2);
const program = createProgram(args);
await program.parseAsync(withInstanceFirst(program, args), { from: 'user' }).catch((error: unknown) => {
  if (process.exitCode === undefined) throw error;
});
