import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { EXIT, VerbError } from '../../src/verbs/exit-status.ts';
import { readStdin } from '../../src/verbs/read-input.ts';

it('stdin is read to its end', async () => {
  const stdin = new PassThrough();
  const reading = readStdin(new AbortController().signal, stdin);
  stdin.write('one ');
  stdin.end('two');
  expect(await reading).toBe('one two');
});

it('a silent stdin is given up, and closed, when the verb should stop', async () => {
  const stdin = new PassThrough();
  const stop = new AbortController();
  const reading = readStdin(stop.signal, stdin);
  const reason = new VerbError(EXIT.interrupted, 'interrupted');
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
  expect(stdin.destroyed).toBe(true);
});
