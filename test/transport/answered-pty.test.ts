import { expect, it } from 'vitest';
import { AnsweredPty } from '../../src/transport/answered-pty.ts';
import { FakePty } from '../support/fake-pty.ts';

const question = { asks: '\u001b_secret?\u001b\\', taken: '\u001b_secret!\u001b\\', answer: 'gräse$(x) "' };

function ask(): { pty: FakePty; answered: AnsweredPty; printed: () => string } {
  const pty = new FakePty();
  const answered = new AnsweredPty(pty, question);
  let printed = '';
  answered.onData((chunk) => {
    printed += chunk.toString('utf8');
  });
  return { pty, answered, printed: () => printed };
}

it('an answer is given once, when it is asked for, and nothing is seen of it', () => {
  const { pty, answered, printed } = ask();
  pty.print('noise of a profile\r\n');
  expect(pty.typed).toBe('');
  pty.print(question.asks);
  expect(pty.typed).toBe(`${question.answer}\n`);
  pty.print(`${question.answer}\r\n${question.taken}welcöme ${question.asks}`);
  expect(printed()).toBe(`welcöme ${question.asks}`);
  expect(pty.typed).toBe(`${question.answer}\n`);
  answered.write('keys');
  expect(pty.typed).toBe(`${question.answer}\nkeys`);
});

it('an answer is given wherever the output is cut', () => {
  const { pty, printed } = ask();
  for (const byte of Buffer.from(`x${question.asks}${question.answer}\r\n${question.taken}wörld`)) {
    pty.print(Buffer.from([byte]));
  }
  expect(Buffer.from(printed()).toString()).toContain('rld');
  expect(pty.typed).toBe(`${question.answer}\n`);
});

it('what is typed too early does not become part of the answer, but Ctrl-C interrupts', () => {
  const { pty, answered } = ask();
  answered.write('keys\r');
  answered.write(Buffer.from('more'));
  expect(pty.typed).toBe('');
  answered.write('a\u0003b');
  expect(pty.typed).toBe('\u0003');
});

it('the last words of a script that ends without asking are seen', async () => {
  const { pty, answered, printed } = ask();
  pty.print('another process uses that port\r\n');
  expect(printed()).toBe('');
  pty.end({ code: 69 });
  expect(await answered.exit).toEqual({ code: 69, signal: null });
  expect(printed()).toBe('another process uses that port\r\n');
});

it('nothing is seen of a program that ends before it has its answer', async () => {
  const { pty, answered, printed } = ask();
  pty.print(`${question.asks}echo ${question.answer}`);
  pty.end({ code: 66 });
  expect(await answered.exit).toEqual({ code: 66, signal: null });
  expect(printed()).toBe('');
  answered.close();
  answered.resize(3, 4);
  expect(pty).toMatchObject({ closed: true, sizes: [[3, 4]] });
});
