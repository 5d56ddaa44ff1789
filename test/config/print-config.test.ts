import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { printConfig } from '../../src/config/print-config.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import { formatDuration, parseDuration } from '../../src/lib/duration.ts';

const full = `polling: {interval: 1h30m, timeout: 1500ms}
display: {theme: light, columns: {fleet: [state, age]}, active_threshold: 1d1ms, idle_threshold: 3d}
hosts:
  groups: {web: ["web*"]}
  overrides:
    web1: {label: "a: b # c", timeout: 20s, server_username: ada, readonly: true}
ssh: {control_persist: yes, control_path: /tmp/x}
attention: {stalled_after: 1m, snooze: 2h, enter: open}
keys: {chord_wait: 0}
keybindings: {stop: [x, g x], quit: [], open: "'"}
filters: {mine: agent:build, waiting: {filter: "state:waiting", key: w}}
commands:
  log: {command: "git -C {directory} log\\nexit", key: ctrl+g, confirm: Sure?}
  code: {command: [code, "{alias}"]}
discovery: {commands: [{command: [inv, "-a b"], timeout: 3s, group: g}, {command: inv}]}
instances: {dev: {url: https://dev.example.org/oc, insecure: true, directory: /srv}}
allowed_models: [a/b, c/d/e]
`;

it.each([
  ['the defaults', ''],
  ['every kind of value', full],
])('the printed configuration means the same as the file: %s', (_name, text) => {
  const { config } = parseConfig(text, 'x');
  const printed = printConfig(config, text, 'from the file');
  expect(parseConfig(printed, 'printed')).toMatchObject({ config, warnings: [] });
});

it('says which values come from the file, and nothing of the defaults', () => {
  const printed = printConfig(parseConfig(full, 'x').config, full, 'from the file').split('\n');
  expect(printed).toEqual(
    expect.arrayContaining([
      '  interval: 1h30m # from the file',
      '  max_parallel: 10',
      '    fleet: [ state, age ] # from the file',
      '  stop: [ x, g x ] # from the file',
    ]),
  );
  expect(printConfig(defaultConfig, '', 'from the file')).not.toContain('#');
});

it('hides the passwords of instances', () => {
  const text = 'instances: {password: {url: "http://a", password: s3cret, password_command: pass a}}\n';
  const printed = printConfig(parseConfig(text, 'x').config, text, 'from the file');
  expect(printed).not.toContain('s3cret');
  expect(printed).toContain('password: (hidden) # from the file');
  expect(printed).toContain('password_command: pass a');
});

it('hides passwords', () => {
  const text = 'hosts: {overrides: {a: {server_password: s3cret, server_password_command: pass a}}}\n';
  const printed = printConfig(parseConfig(text, 'x').config, text, 'from the file');
  expect(printed).not.toContain('s3cret');
  expect(printed).toContain('server_password: (hidden) # from the file');
});

it('a printed duration is read back as it was', () => {
  const times = fc.nat({ max: 10 ** 10 });
  fc.assert(fc.property(times, (time) => parseDuration(formatDuration(time)) === time));
  expect([0, 400, 90_000, 5_400_000, 86_400_001].map(formatDuration)).toEqual([
    '0s',
    '400ms',
    '1m30s',
    '1h30m',
    '1d1ms',
  ]);
});
