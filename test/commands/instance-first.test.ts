import { describe, expect, it } from 'vitest';
import { withInstanceFirst } from '../../src/commands/instance-first.ts';
import { createProgram } from '../../src/commands/program.ts';

const program = createProgram();
const rewrite = (line: string) => withInstanceFirst(program, line.split(' ')).join(' ');

describe('a command line that begins with an instance', () => {
  it.each([
    ['dev sessions', 'sessions --on dev'],
    ['dev prompt ses_1 hello', 'prompt ses_1 hello --on dev'],
    ['--config c.yaml dev sessions --json', '--config c.yaml sessions --json --on dev'],
    ['dev permissions saved', 'permissions saved --on dev'],
    ['dev prompt ses_1 -- --text', 'prompt ses_1 --on dev -- --text'],
    ['dev create --title sessions', 'create --title sessions --on dev'],
  ])('%s is read as %s', (line, expected) => {
    expect(rewrite(line)).toBe(expected);
  });

  it.each([
    ...['sessions', 'sessions --on dev', 'status prompt', 'config check', 'dev', 'dev nothing', '--json', 'demo'],
    ...['help sessions', 'help permissions saved'],
  ])('%s stays as it is', (line) => {
    expect(rewrite(line)).toBe(line);
  });
});
