import { describe, expect, it } from 'vitest';
import { passwordAdvice, placeOfInstance, withInstances } from '../../src/config/given-instances.ts';
import { parseInstances } from '../../src/config/instances-file.ts';
import { checkConfig, parseConfig } from '../../src/config/parse.ts';
import { defaultConfig } from '../../src/config/schema.ts';

const example = `{
  "allowed_models": ["anthropic/claude-sonnet-4-5", "openai/o3"],
  "local": {"url": "http://localhost:4096", "projects_path": "/home/user/projects"},
  "dev-server": {"url": "http://192.168.1.100:4096/", "username": "ada", "password": "s3cret", "directory": "/srv"}
}`;

describe('an instances file', () => {
  it('names servers and the models that may be chosen', () => {
    expect(parseInstances(example, '/i.json')).toEqual({
      path: '/i.json',
      instances: {
        local: { url: 'http://localhost:4096', projects_path: '/home/user/projects' },
        'dev-server': { url: 'http://192.168.1.100:4096', username: 'ada', password: 's3cret', directory: '/srv' },
      },
      allowedModels: ['anthropic/claude-sonnet-4-5', 'openai/o3'],
    });
    expect(parseInstances('{"a": {"url": "http://a"},}', 'x').allowedModels).toBeNull();
    expect(parseInstances('', 'x').instances).toEqual({});
  });

  it.each([
    [
      '{"a": {"url": "http://a", "password": "s3cret" "x"}}',
      /^\/i\.json:1:\d+: not valid JSON \([a-z_]+\): correct it there$/,
    ],
    ['{"a": {"url": "http://a"}, "a": {"url": "http://b"}}', /^\/i\.json:1:\d+: not valid JSON \(duplicate_key\)/],
    ['["s3cret"]', /^\/i\.json:1:1: must be an object such as/],
    ['{"a": {}}', /^\/i\.json:1:7: a\.url: /],
    ['{"a": {\n "url": "ftp://s3cret"}}', /^\/i\.json:2:9: a\.url: must be a URL such as http:/],
    ['{"a": {"url": "http://me:s3cret@a"}}', /a\.url: must contain no user name and no password/],
    ['{"a": {"url": "http://a?x=s3cret"}}', /a\.url: must have no query/],
    ['{"a": {"url": "http://a", "pasword": "s3cret"}}', /:27: unknown key "a\.pasword"; did you mean "password"\?$/],
    ['{"a b": {"url": "http://a"}}', /a b: must be a name without blanks/],
    ['{"allowed_models": ["gpt"]}', /:21: allowed_models\.0: must be a model such as/],
  ])('says where %s is wrong, and quotes nothing of it', (text, message) => {
    expect(() => parseInstances(text, '/i.json')).toThrow(message);
    expect(() => parseInstances(text, '/i.json')).not.toThrow(/s3cret/);
  });

  it('wins over the configuration by name, and its models replace those of the configuration', () => {
    const { config } = parseConfig(
      'instances: {local: {url: "http://b"}, own: {url: "http://c"}}\nallowed_models: [x/y]\n',
      'x',
    );
    const given = parseInstances(example, '/i.json');
    const merged = withInstances(config, given);
    expect(Object.entries(merged.instances).map(([name, { url }]) => [name, url])).toEqual([
      ['local', 'http://localhost:4096'],
      ['own', 'http://c'],
      ['dev-server', 'http://192.168.1.100:4096'],
    ]);
    expect(merged.allowed_models).toEqual(['anthropic/claude-sonnet-4-5', 'openai/o3']);
    expect(withInstances(config, { ...given, allowedModels: null }).allowed_models).toEqual(['x/y']);
    expect(withInstances(config, null)).toBe(config);
  });

  it('is named as the place of its instances', () => {
    const given = parseInstances(example, '/i.json');
    expect(placeOfInstance('local', '/c.yaml', given)).toBe('/i.json: local');
    expect(placeOfInstance('own', '/c.yaml', given)).toBe('/c.yaml: instances.own');
    expect(passwordAdvice('local', '/c.yaml', given)).toContain('of local in /i.json');
    expect(passwordAdvice('own', '/c.yaml', null)).toContain('instances.own.password_command in /c.yaml');
  });
});

describe('instances of the configuration', () => {
  it.each([
    ['http://localhost:4096/', 'http://localhost:4096'],
    ['https://Dev.example.org:443/open/code//', 'https://dev.example.org/open/code'],
    ['http://[::1]:80', 'http://[::1]'],
  ])('have a URL without a slash at its end: %s', (given, url) => {
    const { config } = parseConfig(`instances: {a: {url: "${given}"}}`, 'x');
    expect(config.instances.a?.url).toBe(url);
  });

  it('are checked with their place, and a misspelt key is a warning', () => {
    expect(checkConfig('instances:\n  a: {url: nonsense}\n', 'x').problems).toEqual([
      expect.stringMatching(/^x:2:12: instances\.a\.url: must be a URL/),
    ]);
    expect(parseConfig('instances: {a: {url: "http://a", insecur: true}}', 'x').warnings).toEqual([
      expect.stringContaining('did you mean "insecure"?'),
    ]);
    expect(defaultConfig.instances).toEqual({});
    expect(defaultConfig.allowed_models).toBeUndefined();
  });
});
