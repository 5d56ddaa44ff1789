import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../src/config/schema.ts';
import { NoServer } from '../../src/engine/find-client.ts';
import { NotAnswered } from '../../src/fleet/not-answered.ts';
import { ReadOnlyError } from '../../src/fleet/read-only.ts';
import { ExpectedError, UserError } from '../../src/lib/errors.ts';
import { ServerError } from '../../src/opencode/server/server-error.ts';
import { Changed, RequestNotPending } from '../../src/operations/requests/answer-request.ts';
import { SessionNotFound } from '../../src/operations/target.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { checkInput } from '../../src/verbs/check-input.ts';
import { EXIT, exitStatusOf, VerbError, withHint } from '../../src/verbs/exit-status.ts';
import { nameOfTarget, withGivenTargets } from '../../src/verbs/given-targets.ts';
import { loadVerb } from '../../src/verbs/load-verb.ts';
import { checkModel } from '../../src/verbs/model-policy.ts';
import { schemaOf } from '../../src/verbs/schema.ts';
import { VERBS, verbNamed } from '../../src/verbs/specs.ts';

const statusOf = (run: () => unknown): number | null => {
  try {
    run();
    return EXIT.done;
  } catch (error) {
    return exitStatusOf(error);
  }
};

describe('a model', () => {
  const allowed = { allowed_models: ['openai/o3', 'hub/team/model'] };

  it.each([
    ['no model', null, EXIT.done],
    ['a listed one', 'openai/o3', EXIT.done],
    ['one with more slashes', 'hub/team/model', EXIT.done],
    ['another one', 'openai/o4', EXIT.refused],
    ['one without its provider', 'o3', EXIT.usage],
    ['a blank in it', 'openai/ o3', EXIT.usage],
  ])('%s is checked before any request', (_what, model, status) => {
    expect(statusOf(() => checkModel(allowed, model))).toBe(status);
  });

  it('is refused where no list says what is allowed', () => {
    expect(statusOf(() => checkModel({}, 'openai/o3'))).toBe(EXIT.refused);
    expect(statusOf(() => checkModel({ allowed_models: [] }, 'openai/o3'))).toBe(EXIT.refused);
  });
});

describe('a target given as a URL', () => {
  const named = { ...defaultConfig, instances: { dev: { url: 'http://127.0.0.1:4096', password: 'known' } } };

  it('keeps the name and the credentials that the configuration gives it', () => {
    const { config, defaultTarget } = withGivenTargets(named, ['http://127.0.0.1:4096/'], {
      OPENCODE_SERVER_PASSWORD: 'other',
    });
    expect(config.instances).toEqual(named.instances);
    expect(defaultTarget).toBeNull();
    expect(nameOfTarget(config, 'http://127.0.0.1:4096')).toBe('dev');
    expect(nameOfTarget(config, 'web1')).toBe('web1');
  });

  it('of the environment is the default, with its credentials, which go to no other URL', () => {
    const { config, defaultTarget } = withGivenTargets(named, ['http://127.0.0.1:5000'], {
      OPENCODE_BASE_URL: 'https://dev.example.org/opencode/',
      OPENCODE_SERVER_USERNAME: 'ada',
      OPENCODE_SERVER_PASSWORD: 'secret',
    });
    expect(defaultTarget).toBe('https://dev.example.org/opencode');
    expect(config.instances[defaultTarget ?? '']).toEqual({
      ...{ url: 'https://dev.example.org/opencode', username: 'ada', password: 'secret' },
    });
    expect(config.instances['http://127.0.0.1:5000']).toEqual({ url: 'http://127.0.0.1:5000' });
  });

  it('of the command line gets the credentials of the environment, a token before a password', () => {
    const environment = { OPENCODE_API_KEY: 'key', OPENCODE_SERVER_PASSWORD: 'secret' };
    const { config } = withGivenTargets(named, ['http://127.0.0.1:5000'], environment);
    expect(config.instances['http://127.0.0.1:5000']).toEqual({ url: 'http://127.0.0.1:5000', token: 'key' });
  });

  it('gets no credentials beside another URL', () => {
    const urls = ['http://127.0.0.1:5000', 'http://127.0.0.1:5001'];
    const { config } = withGivenTargets(named, urls, { OPENCODE_SERVER_PASSWORD: 'secret' });
    for (const url of urls) expect(config.instances[url]).toEqual({ url });
  });

  it('is never quoted where it may hold a password', () => {
    expect(() => withGivenTargets(named, [], { OPENCODE_BASE_URL: 'htp://ada:secret@host' })).toThrow(
      /^(?!.*secret).*no URL/,
    );
  });

  it('must hold no password, and be a URL', () => {
    expect(statusOf(() => withGivenTargets(named, ['http://a:b@127.0.0.1'], {}))).toBe(EXIT.usage);
    expect(statusOf(() => withGivenTargets(named, [], { OPENCODE_BASE_URL: 'localhost' }))).toBe(EXIT.usage);
  });
});

describe('an exit status', () => {
  it.each([
    [new VerbError(EXIT.timedOut, 'late'), EXIT.timedOut],
    [new ReadOnlyError('web1'), EXIT.refused],
    [new UserError('wrong'), EXIT.usage],
    [new ServerError('not-found', 'GET /session/x', 'gone'), EXIT.notFound],
    [new ServerError('refused', 'GET /', 'nothing listens'), EXIT.unreachable],
    [new ServerError('unauthorized', 'GET /', 'it wants a password'), EXIT.unreachable],
    [new ServerError('http', 'GET /', '500'), EXIT.failed],
    [new TransportError('closed', 'lost'), EXIT.unreachable],
    [new ExpectedError('it did not stop within 10 s'), EXIT.failed],
    [new Changed('the request is another one now'), EXIT.failed],
    [new RequestNotPending('answered elsewhere'), EXIT.notFound],
    [new SessionNotFound('there is no session'), EXIT.notFound],
    [new NotAnswered('web1'), EXIT.unreachable],
    [new NoServer('none can be used'), EXIT.unreachable],
    [new TypeError('a bug'), null],
  ])('of %s is %s', (error, status) => {
    expect(exitStatusOf(error)).toBe(status);
  });

  it('of an interruption counts more than the failure that it caused', () => {
    const stop = new AbortController();
    stop.abort(new VerbError(EXIT.interrupted, 'interrupted'));
    const lost = new ServerError('closed', 'POST /session', 'given up');
    expect(withHint(lost, stop.signal, 'Nothing is left.')).toMatchObject({
      ...{ status: EXIT.interrupted, message: 'interrupted', hint: 'Nothing is left.' },
    });
    const bug = new TypeError('a bug');
    expect(withHint(bug, new AbortController().signal, 'x')).toBe(bug);
  });
});

describe('every verb', () => {
  it.each(VERBS.map(({ name }) => name))('%s has code, and a schema with its version', async (name) => {
    const spec = verbNamed(name);
    if (spec === undefined) return expect.unreachable(name);
    const { version } = await loadVerb(spec);
    expect(await schemaOf(spec)).toMatchObject({ $id: `ocr:${name.replaceAll(' ', '-')}:${version}`, version });
  });

  it('takes no blank text', () => {
    for (const spec of VERBS) {
      for (const [name, { kind }] of Object.entries(spec.params)) {
        if (kind !== 'text' && kind !== 'texts') continue;
        expect(statusOf(() => checkInput(spec, { [name]: ' ' }))).toBe(EXIT.usage);
        expect(statusOf(() => checkInput(spec, { [name]: kind === 'texts' ? [] : null }))).toBe(EXIT.done);
      }
    }
  });
});
