import { describe, expect, it, vi } from 'vitest';
import type { HostStatus } from '../../src/domain/snapshot.ts';
import { textWidth } from '../../src/domain/text-width.ts';
import { hostKey, projectKey } from '../../src/store/keys.ts';
import { selectedHost, selectedSession } from '../../src/store/selection.ts';
import {
  aFailure,
  aHost,
  aHostKeyQuestion,
  anEntry,
  aSecretQuestion,
  aSession,
  aSnapshot,
  RANDOMART,
} from '../support/builders.ts';
import { KEYS, type OpenOptions, openDashboard } from './open-dashboard.tsx';

const forever = new AbortController().signal;
const commands = [
  'ssh -o ControlMaster=auto -o ControlPersist=60 -o ControlPath=/home/ada/.ssh/ocr-%C hop1 true',
  'ssh -o ControlMaster=auto -o ControlPersist=60 -o ControlPath=/home/ada/.ssh/ocr-%C web1 true',
];
const failed = (status: Exclude<HostStatus, 'online'>) => [anEntry({ failure: aFailure({ status }) })];

/** The dashboard with the dialog of web1 on it. */
function openDialog(options: OpenOptions = {}) {
  const opened = openDashboard(failed('auth-required'), options);
  const attempt = opened.desk.begin(aHost(), commands);
  attempt.interaction.progress('connecting to hop1');
  /** Takes keys from now on, as after the time in which those are dropped that come too early. */
  const takesKeys = () => opened.store.setState({ keysFrom: 0 });
  return { ...opened, attempt, takesKeys };
}

describe('the key for it', () => {
  const state = { selected: selectedHost('web1') };

  it.each(['auth-required', 'host-key-unknown', 'blocked'] as const)(
    'authenticates a host that is %s',
    async (status) => {
      const authenticate = vi.fn();
      const { screen, shows } = openDashboard(failed(status), { columns: 120, state, actions: { authenticate } });
      await shows('a connect');
      screen.press('a');
      await vi.waitFor(() => expect(authenticate).toHaveBeenCalledExactlyOnceWith('web1'));
    },
  );

  it('does so from the rows below the host too', async () => {
    const authenticate = vi.fn();
    const stale = anEntry({
      snapshot: aSnapshot({ sessions: [aSession()] }),
      failure: aFailure({ status: 'auth-required' }),
    });
    const unfolded = new Map([['web1', new Set([hostKey('web1'), projectKey('web1', '/srv/shop')])]]);
    const state = { unfolded, selected: selectedSession('web1', 'ses_1') };
    const { screen, shows } = openDashboard([stale], { state, actions: { authenticate } });
    await shows(/▌ .*Fix the login page/u);
    screen.press('a');
    await vi.waitFor(() => expect(authenticate).toHaveBeenCalledExactlyOnceWith('web1'));
  });

  it.each([
    ['offline', 'web1 is offline: connection refused; r tries again'],
    ['host-key-changed', 'the key of web1 has changed: ssh refuses it too; e shows what to do'],
  ] as const)('says why it does nothing for a host that is %s', async (status, reason) => {
    const { screen, shows } = openDashboard(failed(status), { columns: 120, state });
    await shows('web1');
    expect(screen.lines().at(-1)).not.toContain('connect');
    screen.press('a');
    await shows(reason);
  });
});

describe('the dialog while something is typed', () => {
  it('takes letters as text that are keys elsewhere, and shows none of them', async () => {
    const { attempt, screen, shows } = openDialog();
    const answer = attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('Password: _');
    for (const key of 'qa?/ r') screen.press(key);
    await shows('Password: ••••••_');
    expect(screen.text()).not.toContain('qa?');
    screen.press(KEYS.enter);
    expect(await answer).toEqual(['qa?/ r']);
  });

  it('takes a password and enter that come in one read', async () => {
    const { attempt, screen, shows } = openDialog();
    const answer = attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('Password: _');
    screen.press('secret\r');
    expect(await answer).toEqual(['secret']);
  });

  it('takes what is pasted whole, and waits for enter', async () => {
    const { attempt, screen, shows } = openDialog();
    const answer = attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('Password: _');
    screen.press('\u001b[200~from a\tvault\n\u001b[201~');
    await shows('Password: •••••••••••_');
    screen.press(KEYS.enter);
    expect(await answer).toEqual(['from avault']);
  });

  it('goes from prompt to prompt, and shows what may be seen', async () => {
    const { attempt, screen, shows } = openDialog();
    const prompts = [
      { text: 'Name: ', echo: true },
      { text: 'Code: ', echo: false },
    ];
    const answer = attempt.interaction.answer(aSecretQuestion({ prompts }), forever);
    await shows('❯ Name: _');
    await shows('enter next');
    screen.press('adx', '\u007f', 'a', KEYS.enter);
    await shows('❯ Code: _');
    expect(screen.text()).toContain('  Name: ada');
    await shows('enter send');
    screen.press('99', '\u0015', '12', KEYS.enter);
    expect(await answer).toEqual(['ada', '12']);
  });

  it('drops what was typed before anything was asked', async () => {
    const { attempt, screen, shows } = openDialog();
    await shows('connecting to hop1');
    screen.press('jj', 'q', '\u001b[200~pasted\u001b[201~');
    const answer = attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('Password: _');
    screen.press('x', KEYS.enter);
    expect(await answer).toEqual(['x']);
  });

  it('is left by escape, and the dashboard by ctrl+c', async () => {
    const quit = vi.fn();
    const { attempt, screen, shows } = openDialog({ actions: { quit } });
    const answer = attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('Password: _');
    screen.press('\u0003');
    await vi.waitFor(() => expect(quit).toHaveBeenCalledTimes(1));
    screen.press(KEYS.esc);
    expect(await answer).toBeNull();
    await shows('needs auth');
    expect(attempt.signal.aborted).toBe(true);
  });

  it('gives way to the terminal', async () => {
    const { attempt, screen, shows } = openDialog();
    void attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('ctrl+t in the terminal');
    screen.press('\u0014');
    expect(await attempt.left).toBe('terminal');
  });

  it('lets what goes on below it go on, and shows it', async () => {
    const { store, attempt, screen, shows } = openDialog();
    void attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('Password: _');
    store.setState({ entries: new Map([['web1', anEntry({ snapshot: aSnapshot(), fresh: true })]]) });
    await shows(/◎ web1 .* polled/u);
    expect(screen.text()).toContain('Password: _');
  });

  it('keeps to ASCII with a theme that does', async () => {
    const { attempt, screen, shows } = openDialog({ theme: 'minimal' });
    void attempt.interaction.answer(aSecretQuestion(), forever);
    await shows('Password: _');
    screen.press('secret');
    await shows('> Password: ******_');
    expect(screen.text()).toMatch(/^[\n -~]*$/);
  });
});

describe('the dialog after a failure', () => {
  it('says why and what to do, and tries again by enter', async () => {
    const { attempt, screen, shows } = openDialog();
    attempt.fail('permission denied (publickey)', ['Load the key: ssh-add']);
    await shows('permission denied (publickey)');
    expect(screen.text()).toContain('Load the key: ssh-add');
    expect(screen.text()).toMatch(/╰ enter try again {2}ctrl\+t in the terminal {2}esc close /u);
    screen.press('q', KEYS.enter);
    expect(await attempt.left).toBe('again');
  });
});

describe('the dialog with a host key', () => {
  it('accepts it by y and nothing else', async () => {
    const { attempt, screen, shows, takesKeys } = openDialog();
    const done = vi.fn();
    const trusted = attempt.interaction.trust(aHostKeyQuestion(), forever).finally(done);
    await shows('y add this key');
    takesKeys();
    screen.press(KEYS.enter, ' ', 'Y', 'j', KEYS.up, '\u001b[200~y\u001b[201~', 'q');
    await shows('SHA256:');
    expect(done).not.toHaveBeenCalled();
    screen.press('y');
    expect(await trusted).toBe(true);
  });

  it.each([
    ['n', 'n'],
    ['escape', KEYS.esc],
  ])('leaves it by %s', async (_name, key) => {
    const { attempt, screen, shows, takesKeys } = openDialog();
    const trusted = attempt.interaction.trust(aHostKeyQuestion(), forever);
    await shows('n leave it');
    takesKeys();
    screen.press(key);
    expect(await trusted).toBe(false);
    expect(await attempt.left).toBe('close');
  });

  it('takes no part of a password typed too early for a yes', async () => {
    const { attempt, desk, store, screen, shows } = openDialog();
    void attempt.interaction.answer(aSecretQuestion(), forever);
    const trusted = desk.begin(aHost({ alias: 'db' }), []).interaction.trust(aHostKeyQuestion({ host: 'db' }), forever);
    await shows('Password: _');
    // The answer to the first question, and in the same read what was meant to be typed on.
    screen.press('secret\ryyy');
    await shows('db shows an unknown host key');
    expect(store.getState().dialog?.alias).toBe('db');
    desk.close();
    expect(await trusted).toBe(false);
  });
});

describe.each([
  [90, 26],
  [160, 50],
])('on a screen of %i by %i', (columns, rows) => {
  it('a host key stands beside its picture, with all that is known of it', async () => {
    const { attempt, screen, shows } = openDialog({ columns, rows });
    const question = aHostKeyQuestion({ knownAs: ['build1 (/home/ada/.ssh/known_hosts:3)'] });
    void attempt.interaction.trust(question, forever);
    await shows('hop1 shows an unknown host key:');
    for (const line of RANDOMART) expect(screen.text()).toContain(line);
    expect(screen.text()).toContain(question.fingerprint);
    expect(screen.text()).toContain('ssh-ed25519 key of [hop1.example.org]:2222');
    expect(screen.text()).toMatch(/The same key is on record as build1/);
    expect(screen.text()).toContain('/home/ada/.ssh/known_hosts.');
    expect(screen.text()).toContain('$ ssh -o ControlMaster=auto');
    expect(screen.lines().findIndex((line) => line.includes(RANDOMART[2]!))).toBe(
      screen.lines().findIndex((line) => line.includes(question.fingerprint)),
    );
  });

  it('a password is asked for with who asks, and the commands', async () => {
    const { attempt, screen, shows } = openDialog({ columns, rows });
    const instruction = `that was not accepted\n${'Use the token. '.repeat(60)}`;
    void attempt.interaction.answer(aSecretQuestion({ host: 'hop1', instruction }), forever);
    await shows('hop1: Password of ada@web1');
    expect(screen.text()).toContain('Authenticate web1');
    expect(screen.text()).toContain('that was not accepted');
    expect(screen.text()).toContain('❯ Password: _');
    expect(screen.text()).toContain('…');
    expect(screen.text()).toContain('hop1 true');
  });
});

describe('on a screen of 40 by 10', () => {
  it('the fingerprint and the known names stay, the picture goes', async () => {
    const { attempt, screen, shows } = openDialog({ columns: 40, rows: 10 });
    void attempt.interaction.trust(aHostKeyQuestion({ knownAs: ['build1 (~/.ssh/known_hosts:3)'] }), forever);
    await shows('SHA256:');
    expect(screen.text().replace(/\s/g, '')).toContain(aHostKeyQuestion().fingerprint);
    expect(screen.text()).toContain('on record as build1');
    expect(screen.text()).not.toContain('[SHA256]');
  });

  it('the prompt that is being answered stays in sight', async () => {
    const { attempt, screen, shows } = openDialog({ columns: 40, rows: 10 });
    const prompts = Array.from({ length: 12 }, (_, at) => ({ text: `Code ${at}: `, echo: false }));
    void attempt.interaction.answer(aSecretQuestion({ prompts }), forever);
    await shows('❯ Code 0: _');
    for (let at = 0; at < 11; at += 1) screen.press('x', KEYS.enter);
    await shows('❯ Code 11: _');
    screen.press('z'.repeat(80));
    await shows(/❯ Code 11: …•+_/u);
  });
});

const HOSTILE = `\u001b[31mred\u001b[0m\u001b]0;title\u0007 ${'漢字'.repeat(80)} \u202egnp.exe\u0000 👩‍💻${'x'.repeat(300)}`;

describe.each([
  [80, 24],
  [40, 10],
  [160, 50],
  [20, 6],
])('whatever a server says, a screen of %i by %i', (columns, rows) => {
  it('has no line too wide or too many', async () => {
    const { attempt, desk, screen, shows } = openDialog({ columns, rows });
    const check = async () => {
      await vi.waitFor(() => expect(screen.lines()).toHaveLength(rows));
      for (const line of screen.lines()) {
        expect(textWidth(line), line).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }
    };
    attempt.interaction.progress(HOSTILE);
    await shows('ocr');
    await check();
    const prompts = [
      { text: HOSTILE, echo: true },
      { text: '', echo: false },
    ];
    const secret = { host: HOSTILE, title: HOSTILE, instruction: `${HOSTILE}\n\n${HOSTILE}`, prompts };
    void attempt.interaction.answer(aSecretQuestion(secret), forever);
    desk.type(HOSTILE);
    await shows('_');
    await check();
    desk.submit();
    desk.type(HOSTILE);
    await check();
    desk.submit();
    const key = { host: HOSTILE, name: HOSTILE, keyType: HOSTILE, fingerprint: HOSTILE, file: HOSTILE };
    const lists = { knownAs: Array(30).fill(HOSTILE), randomart: Array(11).fill(HOSTILE) };
    void attempt.interaction.trust(aHostKeyQuestion({ ...key, ...lists }), forever);
    await check();
    desk.trust();
    attempt.fail(HOSTILE, [HOSTILE, '', HOSTILE]);
    await check();
  });
});
