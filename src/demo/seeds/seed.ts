/** How a simulated host behaves. */
export type Behaviour =
  /** Runs an opencode server, whose events are followed. */
  | 'live'
  /** Has sessions and no server. */
  | 'polled'
  /** Like `live`, but goes offline now and then. */
  | 'flaky'
  /** Wants a password besides the key. */
  | 'password'
  /** Accepts connections and never answers. */
  | 'silent';

export interface HostSeed {
  readonly alias: string;
  readonly user: string;
  readonly behaviour: Behaviour;
  readonly version: string;
  /** Milliseconds that each answer takes. */
  readonly latency: number;
  readonly machine: MachineSeed;
  readonly projects: readonly ProjectSeed[];
}

/** The usual load and memory of a host. */
export interface MachineSeed {
  readonly cpus: number;
  /** GiB. */
  readonly memory: number;
  /** Load average. */
  readonly load: number;
  /** Share of the memory in use, 0 to 1. */
  readonly used: number;
}

export interface ProjectSeed {
  /** Below the user's home. */
  readonly path: string;
  /** `provider/model`. */
  readonly model: string;
  /** Files that its sessions read and edit. */
  readonly files: readonly string[];
  /** Commands that its sessions run. */
  readonly commands: readonly string[];
  /**
   * One session a line, newest first: `TITLE | AGE | COST | AGENT | STATE`. A line that begins with `>` is a subagent's session of the last line without.
   * See `parseState`.
   */
  readonly sessions: string;
}

/** What a session does when the demo starts. */
export type SessionState =
  | { readonly kind: 'rest' }
  /** Its last turn ended after the user last looked. */
  | { readonly kind: 'done' }
  | { readonly kind: 'archived' }
  /** Its turn never ended, and nothing runs it. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'working' }
  /** Works, but says nothing. */
  | { readonly kind: 'stalled' }
  | { readonly kind: 'retrying'; readonly message: string }
  /** Wants to run a command. */
  | { readonly kind: 'bash'; readonly command: string }
  /** Wants to edit a file. */
  | { readonly kind: 'edit'; readonly file: string }
  | { readonly kind: 'question'; readonly question: string; readonly choices: readonly string[] };

export interface SessionSeed {
  readonly title: string;
  /** Milliseconds since it last changed. */
  readonly age: number;
  /** Dollars. */
  readonly cost: number;
  readonly agent: string;
  readonly state: SessionState;
  readonly subagents: readonly SessionSeed[];
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Parses the table of a project's sessions. Throws a SyntaxError on a line of another form. */
export function parseSessions(table: string): SessionSeed[] {
  const roots: (SessionSeed & { subagents: SessionSeed[] })[] = [];
  for (const line of table.split('\n').map((text) => text.trim())) {
    if (line === '') continue;
    const isSubagent = line.startsWith('>');
    const session = parseSession(isSubagent ? line.slice(1) : line);
    if (isSubagent) roots.at(-1)?.subagents.push(session);
    else roots.push(session);
  }
  return roots;
}

function parseSession(line: string): SessionSeed & { subagents: SessionSeed[] } {
  const [title = '', age = '', cost = '', agent = 'build', state = ''] = line.split('|').map((cell) => cell.trim());
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(age) ?? [];
  if (title === '' || count === undefined || !/^\d+\.\d\d$/.test(cost)) throw new SyntaxError(`not a session: ${line}`);
  return {
    ...{ title, agent, cost: Number(cost), subagents: [] },
    age: Number(count) * (UNITS[unit] ?? 0),
    state: parseState(state),
  };
}

/** Parses `done`, `failed MESSAGE`, `bash COMMAND`, `edit FILE`, `question TEXT? ONE / OTHER` and so on; nothing is `rest`. */
export function parseState(text: string): SessionState {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(text) ?? [];
  switch (word) {
    case '':
      return { kind: 'rest' };
    case 'done':
    case 'archived':
    case 'cut':
    case 'working':
    case 'stalled':
      return { kind: word };
    case 'failed':
    case 'retrying':
      return { kind: word, message: rest };
    case 'bash':
      return { kind: 'bash', command: rest };
    case 'edit':
      return { kind: 'edit', file: rest };
    case 'question': {
      const [, question = rest, choices = ''] = /^(.*\?)\s*(.*)$/.exec(rest) ?? [];
      return { kind: 'question', question, choices: choices.split(' / ').filter((choice) => choice !== '') };
    }
    default:
      throw new SyntaxError(`not a state: ${text}`);
  }
}
