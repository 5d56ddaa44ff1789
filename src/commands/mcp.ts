import { join, resolve } from 'node:path';
import { stateDirectory } from '../config/paths.ts';
import type { Setup } from '../engine/setup.ts';
import { onAbort } from '../lib/abort.ts';
import { UserError } from '../lib/errors.ts';
import { warningOfAccess } from '../lib/open-to-others.ts';
import type { McpFace } from '../mcp/face.ts';
import { serveHttp } from '../mcp/http/serve-http.ts';
import { loadToken } from '../mcp/http/token.ts';
import { RunningCalls } from '../mcp/running-calls.ts';
import { createMcpServer } from '../mcp/server.ts';
import { serveStdio } from '../mcp/stdio.ts';
import { EXIT, VerbError } from '../verbs/exit-status.ts';
import type { McpOptions } from './mcp-command.ts';
import { openFace } from './mcp-face.ts';
import { printMessage } from './print-message.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds for calls that were cut off to clean up, such as `one-shot`, which deletes its session. */
const CLEANUP_TIMEOUT_MS = 17_000;

/** `ocr mcp`: serves the verbs as tools until the client leaves or a signal comes. Rejects with a UserError or a bug. */
export async function runMcp(given: Setup, options: McpOptions, version: string): Promise<void> {
  try {
    await serve(given, options, version);
  } catch (error) {
    if (!(error instanceof VerbError)) throw error;
    throw new UserError(error.message, { cause: error, hint: error.hint });
  }
}

async function serve(given: Setup, options: McpOptions, version: string): Promise<void> {
  const environmentToken = process.env.OCR_MCP_TOKEN;
  // Programs that ocr starts have no use for it.
  delete process.env.OCR_MCP_TOKEN;
  const { face, close } = await openFace(given, options, version, printMessage);
  const stop = new AbortController();
  const onSignal = () => {
    // A second signal does not wait for the clean-up after the first.
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  const calls = new RunningCalls();
  try {
    if (options.http) await serveOverHttp(face, calls, options, environmentToken, stop.signal);
    else {
      if (process.stdin.isTTY) printMessage('an MCP client starts this, and speaks to it over stdin; Ctrl-C ends it');
      await serveStdio(createMcpServer(face, calls), stop.signal);
    }
  } finally {
    await calls.close(CLEANUP_TIMEOUT_MS);
    await close();
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

async function serveOverHttp(
  face: McpFace,
  calls: RunningCalls,
  { port, tokenFile }: McpOptions,
  environmentToken: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const file = tokenFile === undefined ? undefined : resolve(tokenFile);
  const token = await loadToken({
    given: environmentToken,
    file,
    ownFile: join(stateDirectory(process.env), 'mcp-token'),
  });
  const warning = file === undefined ? null : await warningOfAccess(file, 'holds the token');
  if (warning !== null) printMessage(warning);
  const { onBug } = face;
  const service = await serveHttp({
    port,
    token: token.value,
    createServer: () => createMcpServer(face, calls),
    onBug,
  });
  printMessage(`serves MCP at ${service.url} for clients that send the token of ${token.place}`);
  await new Promise<void>((resolveEnd) => onAbort(signal, resolveEnd));
  await service.close();
}
