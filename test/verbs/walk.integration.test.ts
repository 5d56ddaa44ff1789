import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadVerb } from '../../src/verbs/load-verb.ts';
import { VERBS, verbNamed } from '../../src/verbs/specs.ts';
import { outputOf } from '../../src/verbs/verb.ts';
import { program, programPath } from '../support/fleet-program.ts';
import { PASSWORD, startVerbFleet, type VerbFleet } from './verb-fleet.ts';

const run = promisify(execFile);
let verbs: VerbFleet;

beforeAll(async () => {
  verbs = await startVerbFleet();
});
afterAll(() => verbs?.close());

/** What a user would write: each result is read by jq, and the first failure ends it. */
const WALK = `
set -eu
ocr() { "$NODE" "$OCR" "$@"; }
id=$(ocr create $ON --directory "$DIRECTORY" --title "Walk $NAME" --json | jq -er .id)
message=$(ocr prompt "$id" "ask permission" $ON --json | jq -er .messageID)
case $message in msg_*) ;; *) exit 91 ;; esac
ocr wait "$id" $ON --json | jq -e '.outcome == "asks" and .request.kind == "permission"' >/dev/null
permission=$(ocr permissions --session "$id" $ON --json | jq -er 'if length == 1 then .[0].id else error("not one") end')
ocr permissions $ON --json | jq -e --arg id "$permission" 'map(select(.id == $id))[0].command == "touch approved"' >/dev/null
ocr approve "$permission" $ON --json | jq -e '.[0].reply == "once"' >/dev/null
ocr wait "$id" $ON --json | jq -e '.outcome == "ended" and .assistantMessage.text == "Done."' >/dev/null
ocr prompt "$id" "ask question" $ON >/dev/null
ocr wait "$id" $ON --json | jq -e '.outcome == "asks" and .request.kind == "question"' >/dev/null
question=$(ocr questions --session "$id" $ON --json | jq -er '.[0].id')
ocr questions $ON --json | jq -e --arg id "$question" 'map(select(.id == $id))[0].questions[0].options[1].label == "SQLite"' >/dev/null
ocr answer "$question" sqlite $ON --json | jq -e '.[0].reply == "answers"' >/dev/null
ocr wait "$id" $ON --json | jq -e '.outcome == "ended"' >/dev/null
ocr transcript "$id" $ON --json | jq -e '(.turns | length) == 2 and .turns[0].userPrompt == "ask permission"' >/dev/null
ocr transcript "$id" $ON --json | jq -e '[.turns[].assistantMessages[].steps[].tool] | index("bash") and index("question")' >/dev/null
export=$(ocr delete "$id" $ON --json | jq -er .exportPath)
jq -e --arg id "$id" '.info.id == $id' "$export" >/dev/null
set +e
ocr status "$id" $ON 2>/dev/null
test $? = 4
`;

/** Targets: how they are named, and the environment that goes with it. */
const targets: readonly (readonly [string, () => string, () => NodeJS.ProcessEnv])[] = [
  ['a URL', () => `--on ${verbs.plain.url}`, () => ({})],
  [
    'a URL with a password in the environment',
    () => '',
    () => ({ OPENCODE_BASE_URL: verbs.guarded.url, OPENCODE_SERVER_PASSWORD: PASSWORD }),
  ],
  [
    'an instance of a file',
    () => '--on dev',
    () => ({ OPENCODE_INSTANCES_CONFIG: join(verbs.fleet.directory, 'instances.json') }),
  ],
  ['a host behind SSH', () => '--on alpha', () => ({})],
];

describe('a script of jq and ocr walks a session', () => {
  beforeAll(() =>
    writeFile(
      join(verbs.fleet.directory, 'instances.json'),
      JSON.stringify({
        dev: { url: verbs.guarded.url, password: PASSWORD, projects_path: join(verbs.projects[0], '..') },
      }),
      { mode: 0o600 },
    ),
  );

  it.each(targets)('on %s', async (name, on, environment) => {
    // One host, so that each target has a project of its own, and one of them both.
    const projects = name === 'a host behind SSH' ? verbs.projects : verbs.projects.slice(0, 1);
    for (const [at, project] of projects.entries()) {
      const relative = name === 'an instance of a file' ? (project.split('/').at(-1) ?? '') : project;
      const child = run('sh', ['-c', WALK], {
        env: {
          ...verbs.fleet.environment,
          ...environment(),
          PATH: programPath(),
          NODE: process.execPath,
          OCR: program,
          ON: `--ssh-config ${verbs.fleet.sshConfig} ${on()}`,
          DIRECTORY: relative,
          NAME: `${name} ${at}`,
        },
      });
      await child.catch((error: { stderr: string; code: number }) =>
        expect.unreachable(`${error.code}: ${error.stderr}`),
      );
    }
  });
});

describe('the result of a listing', () => {
  const listings = VERBS.filter(({ group, isStream }) => group === 'fleet' && isStream !== true).map(
    ({ name }) => name,
  );

  it.each(listings)('of ocr %s has the published shape', async (name) => {
    const spec = verbNamed(name);
    if (spec === undefined) return expect.unreachable(name);
    const output = await outputOf(await loadVerb(spec));
    const printed = await verbs.json([name, '--on', verbs.plain.url]);
    expect(output.parse(printed)).toEqual(printed);
    const { stdout } = await verbs.run([name, '--on', verbs.plain.url]);
    expect(stdout.split('\n').length).toBeGreaterThan(1);
  });

  it('keeps stdout to data, and names a host out of reach on stderr', async () => {
    const { code, stdout, stderr } = await verbs.run([
      ...['sessions', '--json', '--on', verbs.plain.url, '--on', 'http://127.0.0.1:9'],
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('http://127.0.0.1:9: offline: connection refused');
    const hosts = new Set((JSON.parse(stdout) as { host: string }[]).map(({ host }) => host));
    expect([...hosts]).toEqual([verbs.plain.url]);
    const quiet = ['sessions', '--json', '--quiet', '--on', verbs.plain.url, '--on', 'http://127.0.0.1:9'];
    expect((await verbs.run(quiet)).stderr).toBe('');
    const dead = ['sessions', '--json', '--on', 'http://127.0.0.1:9'];
    expect(await verbs.run(dead)).toMatchObject({ code: 3, stdout: '' });
  });

  it('is narrowed by state, project, attention and filter', async () => {
    const on = ['--on', verbs.plain.url];
    const all = (await verbs.json(['sessions', ...on])) as { status: string; project: string; attention: unknown }[];
    const [first] = all;
    const count = async (...words: string[]) => ((await verbs.json(['sessions', ...on, ...words])) as unknown[]).length;
    expect(await count('--project', first?.project ?? '')).toBe(
      all.filter(({ project }) => project === first?.project).length,
    );
    expect(await count('--status', 'archived')).toBe(all.filter(({ status }) => status === 'archived').length);
    expect(await count('--attention')).toBe(all.filter(({ attention }) => attention !== null).length);
    expect(await count('--filter', 'is:archived')).toBe(all.filter(({ status }) => status === 'archived').length);
    expect((await verbs.run(['sessions', ...on, '--filter', 'cost:x'])).code).toBe(2);
    expect((await verbs.run(['sessions', '--host', 'no-*'])).code).toBe(4);
  });
});
