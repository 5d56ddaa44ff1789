import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createNotifier } from '../../src/commands/notify.ts';
import type { Config } from '../../src/config/schema.ts';
import type { PermissionRequest } from '../../src/domain/user-request.ts';
import type { AttentionItem } from '../../src/fleet/select-attention.ts';
import { createLogger, silentLogger } from '../../src/lib/logger.ts';
import { answered, aPermission, aSession, NOW } from '../support/builders.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const OSC = '\u001b]';
const BELL = '\u0007';

/** Text that breaks out of a control sequence: its terminators, in 7 and 8 bits, and extra fields. */
const HOSTILE = [
  'a\u0007\u001b]0;owned\u0007b',
  'a\u001b\\b',
  'a\u009cb\u009d0;owned\u0007',
  'x;notify;other;text',
  '\u001b[2J\u001b]52;c;b3duZWQ=\u0007',
  'one\ntwo\r\u0000three',
  '\u202egnp.exe',
];

interface Changes {
  readonly title?: string;
  readonly label?: string;
  readonly request?: Partial<PermissionRequest>;
}

function item({ title = 'Fix it', label = 'web1', request = {} }: Changes = {}): AttentionItem {
  const session = aSession({ title });
  const asked = aPermission(request);
  const attention = { kind: 'permission', since: NOW, request: asked, more: 0, detail: asked.command ?? '' } as const;
  return { key: 'one', entry: answered('web1', [session], { label }), session, attention };
}

function notify(settings: Partial<Config['notify']>, ...items: readonly AttentionItem[]): string {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  createNotifier(() => ({ bell: false, desktop: 'none', ...settings }), write, silentLogger)(items);
  return written;
}

describe('the terminal', () => {
  it('is not written to unless that is wanted', () => {
    expect(notify({}, item())).toBe('');
  });

  it('rings once, however many sessions begin to need the user', () => {
    expect(notify({ bell: true }, item(), item())).toBe(BELL);
  });

  it('notifies of each by OSC 9 or OSC 777', () => {
    expect(notify({ desktop: 'osc9' }, item())).toBe(`${OSC}9;web1: permission: Fix it: npm test${BELL}`);
    expect(notify({ desktop: 'osc777', bell: true }, item(), item({ title: '' }))).toBe(
      `${OSC}777;notify;web1: permission;Fix it: npm test${BELL}${OSC}777;notify;web1: permission;npm test${BELL}${BELL}`,
    );
  });

  it.each(['osc9', 'osc777'] as const)(
    'is told text only by %s, whatever titles, hosts and commands hold',
    (desktop) => {
      for (const text of [...HOSTILE, `${'x'.repeat(199)}😀`]) {
        const written = notify({ desktop }, item({ title: text, label: text, request: { command: text } }));
        const content = written.slice(OSC.length, -BELL.length);
        expect(written).toBe(`${OSC}${content}${BELL}`);
        expect(content).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        expect(content.split(';')).toHaveLength(desktop === 'osc9' ? 2 : 4);
        expect(content.isWellFormed()).toBe(true);
      }
    },
  );

  it('is told no more than fits into a notification', () => {
    const written = notify({ desktop: 'osc9' }, item({ title: '漢'.repeat(5000) }));
    expect(written.length).toBeLessThan(500);
  });
});

describe('a command', () => {
  it('is told what happened in its environment, where the shell reads nothing of it', async () => {
    const folder = await makeTempDir("quo'te");
    const file = join(folder, 'told');
    const title = `$(touch "${folder}/owned"); \`touch owned\` ' " \n-n`;
    process.env.OCR_TEST_FILE = file;
    const names = ['KIND', 'HOST', 'SESSION', 'DIRECTORY', 'DETAIL', 'TITLE'];
    const print = names.map((name) => `printf '%s\\n' "$OCR_${name}"`).join('; ');
    notify(
      { command: `{ ${print}; } > "$OCR_TEST_FILE.new" && mv "$OCR_TEST_FILE.new" "$OCR_TEST_FILE"` },
      item({ title, label: 'label', request: { command: 'rm -rf \0/' } }),
    );
    await vi.waitFor(async () => expect(await readFile(file, 'utf8')).not.toBe(''), 5000);
    expect(await readFile(file, 'utf8')).toBe(`permission\nweb1\nses_1\n/srv/shop\nrm -rf /\nlabel: ${title}\n`);
    await expect(readFile(join(folder, 'owned'))).rejects.toThrow('ENOENT');
  });

  it('is told the beginning of what is too long for an environment', async () => {
    const file = join(await makeTempDir(), 'told');
    process.env.OCR_TEST_FILE = file;
    const command = 'printf %s "$OCR_DETAIL" > "$OCR_TEST_FILE.new" && mv "$OCR_TEST_FILE.new" "$OCR_TEST_FILE"';
    notify({ command }, item({ request: { command: 'x'.repeat(300_000) } }));
    await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toMatch(/^x{4000}$/), 5000);
  });

  it('that fails is logged, and nothing else', async () => {
    const lines: string[] = [];
    const logger = createLogger('warn', (line) => lines.push(line));
    createNotifier(
      () => ({ bell: false, desktop: 'none', command: 'exit 3' }),
      () => {},
      logger,
    )([item()]);
    await vi.waitFor(() => expect(lines).toHaveLength(1), 5000);
    expect(JSON.parse(lines[0]!)).toMatchObject({ message: 'notify.command failed', code: 3 });
  });

  it('that the system refuses at once is logged, too', () => {
    const lines: string[] = [];
    const logger = createLogger('warn', (line) => lines.push(line));
    const command = `: ${'x'.repeat(300_000)}`;
    createNotifier(
      () => ({ bell: false, desktop: 'none', command }),
      () => {},
      logger,
    )([item()]);
    expect(lines.join()).toMatch(/notify\.command failed.*E2BIG/);
  });
});
