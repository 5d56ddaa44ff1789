import { describe, expect, it } from 'vitest';
import { judgeRequest } from '../../src/mcp/http/guard.ts';

const TOKEN = 'correct-horse-battery';
const good = { host: '127.0.0.1:4196', authorization: `Bearer ${TOKEN}` };

describe('a request over HTTP', () => {
  it.each([
    [good],
    [{ ...good, host: 'localhost:4196' }],
    [{ ...good, origin: 'http://127.0.0.1:4196' }],
    [{ ...good, authorization: `bearer ${TOKEN}` }],
  ])('is let in with %j', (headers) => {
    expect(judgeRequest(headers, 4196, TOKEN)).toBeNull();
  });

  it.each([
    [401, {}, { authorization: undefined }],
    [401, {}, { authorization: `Bearer ${TOKEN}x` }],
    [401, {}, { authorization: 'Bearer ' }],
    [401, {}, { authorization: `Basic ${TOKEN}` }],
    [403, { host: 'evil.example:4196' }, {}],
    [403, { host: '127.0.0.1:80' }, {}],
    [403, { host: undefined }, {}],
    [403, { origin: 'http://evil.example' }, {}],
    [403, { origin: 'null' }, {}],
    [403, { origin: 'https://127.0.0.1:4196' }, {}],
  ])('is refused with %i for %j %j', (status, place, login) => {
    expect(judgeRequest({ ...good, ...place, ...login }, 4196, TOKEN)?.status).toBe(status);
  });
});
