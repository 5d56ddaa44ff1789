import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clipboardSequence } from '../../../../src/actions/fleet/sessions/clipboard.ts';
import { copyFact } from '../../../../src/actions/fleet/sessions/copy-fact.ts';
import { editTranscript } from '../../../../src/actions/fleet/sessions/edit-transcript.ts';
import { shareSession } from '../../../../src/actions/fleet/sessions/share-session.ts';
import { ServerError } from '../../../../src/opencode/server/server-error.ts';
import { transcriptMarkdown } from '../../../../src/operations/sessions/transcript-markdown.ts';
import { answered, aSession, NOW } from '../../../support/builders.ts';
import { Desk, selecting } from './desk.ts';
import { aMessage, FakeClient } from './fake-client.ts';

/** The clipboard of a terminal that allows OSC 52. */
function copied(written: string): string {
  const found = /\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007/.exec(written);
  if (found === null) throw new Error(`nothing was copied: ${JSON.stringify(written)}`);
  return Buffer.from(found[1]!, 'base64').toString('utf8');
}

describe('copy', () => {
  const entry = answered('web1', [aSession({ title: 'Grüße \u001b[31m"x"\ny' })]);

  it.each([
    ['i', 'ses_1'],
    ['d', '/srv/shop'],
    ['a', "ssh -t web1 'cd /srv/shop && /usr/bin/opencode --session ses_1'"],
    ['t', 'Grüße "x" y'],
  ])('%s copies %s', async (key, text) => {
    const desk = new Desk([entry]);
    const done = copyFact(desk.ports, selecting(entry));
    await desk.answer(key);
    await done;
    expect(copied(desk.written)).toBe(text);
    expect(desk.toast).toContain('if the terminal allows OSC 52');
  });

  it('copies nothing when the user leaves', async () => {
    const desk = new Desk([entry]);
    const done = copyFact(desk.ports, selecting(entry));
    await desk.answer('esc');
    await done;
    expect(desk.written).toBe('');
  });

  it('does not copy a directory that would press keys where it is pasted', async () => {
    const hostile = answered('web1', [aSession({ directory: '/srv/x\ntouch canary\n' })]);
    const desk = new Desk([hostile]);
    const done = copyFact(desk.ports, selecting(hostile));
    await desk.answer('d');
    await done;
    expect(desk.written).toBe('');
    expect(desk.toast).toContain('control characters');
  });

  it('is wrapped for tmux', () => {
    expect(clipboardSequence('a', false)).toBe('\u001b]52;c;YQ==\u0007');
    expect(clipboardSequence('a', true)).toBe('\u001b]52;c;YQ==\u0007\u001bPtmux;\u001b\u001b]52;c;YQ==\u0007\u001b\\');
  });
});

describe('share', () => {
  const entry = answered('web1', [aSession()]);

  it('asks first, then shows and copies the address', async () => {
    const client = new FakeClient({ shareUrl: async () => null, share: async () => 'https://opncd.ai/s/1' });
    const desk = new Desk([entry], { clients: () => client });
    const done = shareSession(desk.ports, selecting(entry));
    await desk.waitForModal('confirm');
    expect(desk.question.join('\n')).toMatch(/public.*sharing service.*Anyone with the link/s);
    await desk.answer('y');
    await done;
    expect(copied(desk.written)).toBe('https://opncd.ai/s/1');
    expect(desk.toast).toContain('https://opncd.ai/s/1');
    const log = desk.fleet.getState().activities.get('web1');
    expect(log?.map(({ what, result }) => `${what}: ${result}`)).toEqual(['share ses_1: made public']);
  });

  it('takes back what is public, no matter who made it so, or copies its address', async () => {
    const client = new FakeClient({
      shareUrl: async () => 'https://opncd.ai/s/1',
      unshare: async ({ id }) => void client.calls.push(`unshare ${id}`),
    });
    const desk = new Desk([entry], { clients: () => client });
    const copying = shareSession(desk.ports, selecting(entry));
    await desk.answer('c');
    await copying;
    expect(copied(desk.written)).toBe('https://opncd.ai/s/1');
    const done = shareSession(desk.ports, selecting(entry));
    await desk.waitForModal('confirm');
    expect(desk.question).toEqual([
      'This session is public. Withdraw the link?',
      'web1: Fix the login page',
      'https://opncd.ai/s/1',
    ]);
    await desk.answer('y');
    await done;
    expect(client.calls).toEqual(['unshare ses_1']);
  });

  it('says why when opencode is not allowed to', async () => {
    const refused = new ServerError('http', 'POST /session/x/share', 'Sharing is disabled in configuration');
    const client = new FakeClient({ shareUrl: async () => null, share: () => Promise.reject(refused) });
    const desk = new Desk([entry], { clients: () => client });
    const done = shareSession(desk.ports, selecting(entry));
    await desk.answer('y');
    await done;
    expect(desk.toast).toBe('web1: opencode did not share it: Sharing is disabled in configuration');
    expect(desk.errorLines[0]).toContain('share: "disabled"');
  });

  it('does nothing when it cannot be known whether it is public, nor when the user leaves', async () => {
    const lost = new ServerError('closed', 'GET /session/x', 'the connection was lost');
    const client = new FakeClient({ shareUrl: () => Promise.reject(lost) });
    const desk = new Desk([entry], { clients: () => client });
    await shareSession(desk.ports, selecting(entry));
    expect(desk.toast).toBe('asking web1 whether it is public: the connection was lost');
    client.answers = { shareUrl: async () => null };
    const done = shareSession(desk.ports, selecting(entry));
    await desk.answer('esc');
    await done;
  });
});

describe('the transcript in an editor', () => {
  const entry = answered('web1', [aSession()]);

  it('is a private file that is gone afterwards', async () => {
    const client = new FakeClient({ messages: async () => [aMessage()] });
    let seen = { path: '', text: '', file: 0, folder: 0 };
    const desk = new Desk([entry], {
      clients: () => client,
      runEditor: async (path) => {
        const [text, file, folder] = await Promise.all([readFile(path, 'utf8'), stat(path), stat(dirname(path))]);
        seen = { path, text, file: file.mode & 0o777, folder: folder.mode & 0o777 };
      },
    });
    await editTranscript(desk.ports, selecting(entry));
    expect(seen).toMatchObject({ file: 0o600, folder: 0o700 });
    expect(seen.text).toContain('# Fix the login page');
    await expect(stat(dirname(seen.path))).rejects.toThrow('ENOENT');
    expect(desk.store.getState().busy).toBeNull();
  });

  it('is gone when the editor fails, too, which is said', async () => {
    let path = '';
    const desk = new Desk([entry], {
      clients: () => new FakeClient({ messages: async () => [aMessage()] }),
      runEditor: async (given) => {
        path = given;
        throw new Error('vi ended with exit status 1');
      },
    });
    await editTranscript(desk.ports, selecting(entry));
    expect(desk.toast).toBe('reading the transcript on web1: vi ended with exit status 1');
    await expect(stat(dirname(path))).rejects.toThrow('ENOENT');
  });

  it('opens no editor where nothing was said, and starts no server where nothing may be changed', async () => {
    const desk = new Desk([entry], { clients: () => new FakeClient({ messages: async () => [] }) });
    await editTranscript(desk.ports, selecting(entry));
    expect(desk.toast).toContain('nothing was said yet');
    const readonly = new Desk([entry], { settings: { readonly: true } });
    await editTranscript(readonly.ports, selecting(entry));
    expect(readonly.toast).toContain('ocr starts none on a read-only host');
  });

  it('is Markdown without control characters, and with no foreign line where an editor looks for commands', () => {
    const session = aSession({ title: 'vim: set modeline: \u001b]0;x\u0007' });
    const text = transcriptMarkdown({ host: 'web1', clockOffset: 0, session, cut: true }, [
      aMessage({ created: NOW, parts: [{ kind: 'text', id: '1', text: 'Please\r\n\tfix \u001b[31mit\u202e' }] }),
      aMessage({
        role: 'assistant',
        agent: 'build',
        model: 'stub/echo',
        error: 'died\nof it',
        parts: [
          { kind: 'reasoning', id: '1', text: 'think\nhard' },
          {
            ...{ kind: 'tool', id: '2', tool: 'bash', state: 'completed', title: 'List', input: 'ls' },
            output: 'a\n````\nb\n vim: set shell=evil:',
          },
          { kind: 'file', id: '3', name: 'x.png' },
        ],
      }),
    ]);
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    const lines = text.split('\n');
    expect([...lines.slice(0, 5), ...lines.slice(-5)].join('\n')).not.toContain('vim');
    expect(text).toContain('Please\n\tfix it\n');
    expect(text).toContain('> think\n> hard');
    expect(text).toContain(
      '**bash** (completed): List\n\n```\nls\n```\n\n`````\na\n````\nb\n vim: set shell=evil:\n`````',
    );
    expect(text).toContain('**Error:** died of it');
    expect(text).toContain('the older ones are left out');
    expect(text).toMatch(/## assistant · \S+ \S+ · build · stub\/echo/);
  });
});
