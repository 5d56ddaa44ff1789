import { attachScript, attachUrlScript, continueCommand } from '../../src/opencode/attach-command.ts';
import { databasePathCommand } from '../../src/opencode/database-path.ts';
import { checkCommand, cloneCommand } from '../../src/opencode/git-clone-script.ts';
import { importSession } from '../../src/opencode/import-session.ts';
import { enterFolder, listFolders } from '../../src/opencode/list-folders.ts';
import { askLoginScript } from '../../src/opencode/login-script.ts';
import { onOwnTerminal, sizeScript } from '../../src/opencode/piped-script.ts';
import { provenCommand, provenScript } from '../../src/opencode/proven-script.ts';
import { ensureScript } from '../../src/opencode/server-process/own-server-script.ts';
import { proofScript } from '../../src/opencode/server-process/proof-script.ts';
import { stopScript } from '../../src/opencode/server-process/stop-script.ts';
import { messagesQuery } from '../../src/opencode/stored-content.ts';
import { contentScript } from '../../src/probe/content-script.ts';
import { FINGERPRINT_SCRIPT } from '../../src/probe/read-script.ts';
import { PROJECTS_SCRIPT, SLOW_SURVEY_SCRIPT, sessionListScript } from '../../src/probe/slow-script.ts';
import { OWN_SECRET_SCRIPT, surveyScript } from '../../src/probe/survey-script.ts';
import { versionScript } from '../../src/probe/version-script.ts';
import { DIAGNOSIS } from '../../src/transport/no-shell.ts';
import { ShellStart } from '../../src/transport/shell-start.ts';
import type { Transport } from '../../src/transport/transport.ts';

/** Files of `src` that make shell for hosts. A new one belongs here, and its scripts below. */
export const SOURCES = [
  ...['attach-command', 'database-path', 'git-clone-script', 'import-session', 'list-folders', 'login-script'].map(
    (name) => `src/opencode/${name}.ts`,
  ),
  ...['login-shell', 'piped-script', 'proven-script', 'proxy-script'].map((name) => `src/opencode/${name}.ts`),
  ...['find-script', 'lock-script', 'own-file-script', 'own-server-script', 'proof-script', 'stop-script'].map(
    (name) => `src/opencode/server-process/${name}.ts`,
  ),
  ...[
    'content-script',
    'locate-script',
    'machine-script',
    'read-script',
    'slow-script',
    'storage-script',
    'survey-script',
    'version-managers-script',
    'version-script',
  ].map((name) => `src/probe/${name}.ts`),
  ...['framed-shell', 'no-shell', 'shell-start'].map((name) => `src/transport/${name}.ts`),
];

const path = `/home/ada/it's $(x)/opencode`;
const directory = `/srv/a "b" 'c' !d`;
const server = {
  ...{ pid: 4242, startId: '123456', hostname: '127.0.0.1', port: 4096, version: null },
  ...{ directory, own: true },
};
/** As `ps` tells a start. */
const byPs = { ...server, startId: 'Sat_Nov_28_16:48:55_2026' };
const session = { id: 'ses_1', directory };
const clone = { url: 'https://example.org/a.git', directory: '~/a', depth: 1 };
const mark = { word: 'a1b2' };
const { signal } = new AbortController();
const limits = { signal, timeout: 1000 };

/** Every shell text that is sent to a host, from the functions that send it. */
export async function allScripts(): Promise<ReadonlyMap<string, string>> {
  const survey = (enrich: boolean) =>
    surveyScript({ opencodePath: path, fingerprint: 'known', enrich, skip: ['python3'], dayAge: 3_600_000 });
  // Scripts after a survey in its shell use the survey's functions.
  const followers = [OWN_SECRET_SCRIPT, SLOW_SURVEY_SCRIPT, PROJECTS_SCRIPT, sessionListScript(directory)];
  const attached = (kind: 'file' | 'value' | null, process = server) =>
    attachScript(path, session, {
      ...{ url: 'http://127.0.0.1:4096', username: 'ada', process },
      secret:
        kind === 'file' ? { kind, path: '/s/server.json' } : kind === 'value' ? { kind, password: 'secret' } : null,
    });
  const request = (mode: 'login' | 'interactive') => ({
    ...{ script: attached('value'), mode, environment: { OPENCODE_DB: 'a b' } },
  });
  const terminal = { columns: 80, rows: 24, term: 'xterm-256color' };
  const proven = (mode: 'login' | 'interactive', way: 'login' | 'plain') => provenCommand(request(mode), mark, way);
  const stop = (force: boolean) => stopScript(server, { opencodePath: path, patience: 5, force });
  return new Map([
    ['survey', survey(true)],
    ['survey of core columns and what follows it', [survey(false), ...followers, FINGERPRINT_SCRIPT].join('\n')],
    ['version', versionScript(path)],
    ['content of a session', contentScript('/home/ada/opencode.db', messagesQuery("ses_it's", 50).sql)],
    ['login', askLoginScript('login', 'mark', 5)],
    ['interactive login', askLoginScript('interactive', 'mark', 5)],
    ['database path', databasePathCommand(path, null, 'mark')],
    [
      'start of a server',
      ensureScript({
        opencodePath: path,
        patience: 5,
        mayStart: true,
        version: '1.18.33',
        mode: 'login',
        environment: { OPENCODE_DB: 'a b' },
      }),
    ],
    ['proof by proc', proofScript(server)],
    ['proof by lsof', proofScript(byPs)],
    ['stop', stop(false)],
    ['stop by force', stop(true)],
    ['attach by URL', attachUrlScript(path, session, { url: 'http://a/b c', username: 'a b', password: 'secret' })],
    ['attach alone', attachScript(path, session)],
    ['attach with a file', attached('file')],
    ['attach with a password', attached('value', byPs)],
    ['attach after a login', proven('login', 'login')],
    ['attach after an interactive login', proven('interactive', 'login')],
    ['attach without a profile', proven('login', 'plain')],
    ['attach on a terminal of the host', onOwnTerminal(provenScript(request('login'), mark, 'login'), mark, terminal)],
    ['size of a terminal', sizeScript('/dev/pts/7', terminal)],
    ['continue', continueCommand(4242)],
    ['clone', cloneCommand(clone, 'mark')],
    ['check of a clone', checkCommand({ ...clone, depth: null }, 'mark')],
    ['start of a shell', new ShellStart().command],
    ['diagnosis', DIAGNOSIS],
    ...(await recordedScripts()),
  ]);
}

/** Those that only go to a transport. */
async function recordedScripts(): Promise<[string, string][]> {
  const scripts: [string, string][] = [];
  const record = (name: string): Pick<Transport, 'exec'> => ({
    exec: async (command) => {
      scripts.push([name, command]);
      return { stdout: '', stderr: '', code: 0, signal: null };
    },
  });
  await listFolders(record('list of folders'), '~/a', limits).catch(() => {});
  await enterFolder(record('enter a folder'), '~/a', false, limits).catch(() => {});
  await enterFolder(record('make a folder'), '~/a', true, limits).catch(() => {});
  const imported: string[] = [];
  const text = `${JSON.stringify({ info: {}, messages: [] }, null, 2)}\n`;
  const shell = {
    close: () => {},
    run: async (script: string) => {
      imported.push(script);
      const word = script.includes('wc -c') ? `size ${Buffer.byteLength(text)}` : 'done';
      return { output: `@ocr ${word}\n` };
    },
  };
  const host = { shell: async () => shell } as unknown as Pick<Transport, 'shell'>;
  const exported = { ...session, title: 't', messages: 0, text };
  await importSession(host, exported, { opencodePath: path, timeout: 1000 }, signal).catch(() => {});
  return [...scripts, ['import', imported.join('\n')]];
}
