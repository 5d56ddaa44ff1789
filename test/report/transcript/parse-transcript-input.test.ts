import { describe, expect, it } from 'vitest';
import { parseTranscriptInput } from '../../../src/report/transcript/parse-transcript-input.ts';
import { TranscriptError } from '../../../src/report/transcript/transcript-error.ts';
import { anExport, answer, text, tool, user } from './an-export.ts';
import { realisticExport } from './realistic-export.ts';

function problemOf(input: string): string {
  try {
    parseTranscriptInput(input, 'session.json');
  } catch (error) {
    if (error instanceof TranscriptError) return error.message;
    throw error;
  }
  return 'none';
}

const inMessage = (message: unknown) => problemOf(JSON.stringify(anExport([user('msg_1', []), message])));
const inPart = (part: unknown) => inMessage(answer('msg_1', [text('fine'), part]));

it('a file with an export is read, with a byte order mark too', () => {
  const input = JSON.stringify(realisticExport, null, 2);
  expect(parseTranscriptInput(input, 'session.json').turns).toHaveLength(5);
  expect(parseTranscriptInput(`\ufeff${input}`, 'session.json').turns).toHaveLength(5);
});

describe('malformed JSON', () => {
  it.each([
    ['', 'session.json:1:1: malformed JSON: expected a value, found the end'],
    ['{\n  "info": {},\n  messages', 'session.json:3:3: malformed JSON: expected a name in quotes, found "m"'],
    ['{"info": {}, "messages": [', 'session.json:1:27: malformed JSON: expected a value or "]", found the end'],
    ['{"info"\n"a"', 'session.json:2:1: malformed JSON: expected ":", found "\\""'],
    ['{"a": "b\nc"}', 'session.json:1:9: malformed JSON: expected the rest of a text in quotes, found "\\n"'],
    ['Exporting session…\n{}', 'session.json:1:1: malformed JSON: expected a value, found "E"'],
    ['{}\n{}', 'session.json:2:1: malformed JSON: expected nothing more, found "{"'],
    ['["\\x"]', 'session.json:1:3: malformed JSON: expected an escape such as "\\n", found "\\\\"'],
    ['[1 2]', 'session.json:1:4: malformed JSON: expected "," or the closing bracket, found "2"'],
  ])('is named with its file, line and column: %j', (input, problem) => {
    expect(problemOf(input)).toBe(problem);
  });
});

describe('a wrong shape', () => {
  it.each([
    ['null', 'the export: expected object, received null'],
    ['[]', 'the export: expected object, received array'],
    ['{"messages": []}', 'info: expected object, received undefined'],
    ['{"info": {"id": "a"}, "messages": []}', 'info.title: expected string, received undefined'],
    ['{"info": {"id": "a", "title": "b"}}', 'messages: expected array, received undefined'],
    [JSON.stringify(anExport([], { directory: 3 })), 'info.directory: expected string, received number'],
  ])('of an export is named: %s', (input, problem) => {
    expect(problemOf(input)).toBe(`session.json: ${problem}`);
  });

  it.each([
    [7, 'messages[1]: expected object, received number'],
    [{ parts: [] }, 'messages[1].info: expected object, received undefined'],
    [{ info: { role: 'user' } }, 'messages[1].parts: expected array, received undefined'],
    [{ info: { role: 'robot' }, parts: [] }, 'messages[1].info.role: expected one of "user"|"assistant"'],
    [user('msg_2', [], { system: ['a'] }), 'messages[1].info.system: expected string, received array'],
    [
      user('msg_2', [], { time: { created: 'now' } }),
      'messages[1].info.time.created: expected number, received string',
    ],
    [answer('msg_1', [], { finish: 1 }), 'messages[1].info.finish: expected string, received number'],
  ])('of a message is named: %j', (message, problem) => {
    expect(inMessage(message)).toBe(`session.json: ${problem}`);
  });

  it.each([
    ['text', 'messages[1].parts[1]: expected object, received string'],
    [{}, 'messages[1].parts[1].type: expected string, received undefined'],
    [{ type: 'text' }, 'messages[1].parts[1].text: expected string, received undefined'],
    [{ type: 'tool', tool: 'bash' }, 'messages[1].parts[1].state: expected object, received undefined'],
    [tool({ input: {} }), 'messages[1].parts[1].state.status: expected string, received undefined'],
    [{ type: 'patch', files: [1] }, 'messages[1].parts[1].files[0]: expected string, received number'],
  ])('of a part is named: %j', (part, problem) => {
    expect(inPart(part)).toBe(`session.json: ${problem}`);
  });

  it('of a part of an unknown type does not matter', () => {
    expect(inPart({ type: 'hologram', text: 7 })).toBe('none');
    expect(inPart({ type: 'toString' })).toBe('none');
  });
});
