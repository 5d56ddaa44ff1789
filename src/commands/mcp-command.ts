import { type Command, InvalidArgumentError, Option } from 'commander';

/** Options of `ocr mcp`. */
export interface McpOptions {
  readonly allowWrite: boolean;
  /** The only targets that it serves; empty for all. */
  readonly on: readonly string[];
  readonly http: boolean;
  readonly port: number;
  readonly tokenFile?: string;
}

const DEFAULT_PORT = 4196;
const MAX_PORT = 65_535;

/** Adds the verb that serves the others to agents. Light: `mcp.ts` loads the protocol. */
export function addMcpCommand(program: Command): Command {
  return program
    .command('mcp')
    .description('serve the verbs as tools to agents, over the Model Context Protocol on stdin and stdout')
    .option('--allow-write', 'list the tools that change something too', false)
    .addOption(
      new Option('--on <target>', 'serve only that host, instance or URL')
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([] as readonly string[], ''),
    )
    .option('--http', 'serve over HTTP on 127.0.0.1 instead, to clients that send a token', false)
    .addOption(
      new Option('--port <number>', 'with --http: the port; 0 takes any').argParser(parsePort).default(DEFAULT_PORT),
    )
    .option('--token-file <file>', 'with --http: the file with the token (default: $OCR_MCP_TOKEN, or one is made)');
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw new InvalidArgumentError(`It must be a number from 0 to ${MAX_PORT}.`);
}
