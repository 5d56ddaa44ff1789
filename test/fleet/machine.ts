import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError } from './errors.ts';

/**
 * One pretended computer: a shell which starts and signals that host's processes. Where the kernel permits it, the shell is
 * process 1 of a PID namespace, so that `ps` on one host does not show the others', and nothing outlives the shell, however
 * it or the fleet ends.
 */
export type Machine = {
  /** Its number outside, of a process in its network namespace: `/proc/NUMBER/net` is what the machine sees. */
  readonly pid: number;
  /** Starts a program (absolute path) detached from any terminal and returns its number on that machine. */
  start(program: string, parameters: readonly string[], options?: StartOptions): Promise<number>;
  /** Signals a process and all its descendants. */
  signal(pid: number, name: 'KILL' | 'STOP' | 'CONT' | 'TERM'): Promise<void>;
  isRunning(pid: number): Promise<boolean>;
  /** Shows a file in place of another, on this machine only. Needs root: without a mount namespace of its own it rejects. */
  mount(source: string, target: string): Promise<void>;
  /** Ends the machine with everything on it. */
  close(): Promise<void>;
};

/** Where a machine is attached. Left out, it shares the network of the process that starts it. Needs root. */
export type MachineNetwork = {
  /** Number of a process (see `Machine.pid`) whose network this machine joins. */
  readonly joins?: number | undefined;
  /** A network of its own, with nothing in it but a loopback that is down. What it left is open as `/proc/self/fd/3`. */
  readonly own?: boolean;
};

type StartOptions = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly log?: string;
};

/**
 * One line in, one line out. Only a namespace's own host name may be set. At the end of input everything below the shell
 * is killed, for kernels without namespaces.
 */
const script = `
tree() { echo "$1"; for child in $(ps -o pid= --ppid "$1"); do tree "$child"; done; }
if [ "$1" = isolated ]; then hostname "$0" 2>/dev/null; fi
echo ready
while IFS= read -r line; do eval "$line"; done
kill -KILL $(tree $$ | tail -n +2) 2>/dev/null
`;

/** @param marker the fleet's directory: every process of the machine carries it in its environment as OCR_FLEET */
export async function createMachine(
  name: string,
  marker: string,
  { joins, own = false }: MachineNetwork = {},
): Promise<Machine> {
  const joining = joins === undefined ? [] : ['nsenter', `--net=/proc/${joins}/ns/net`];
  const leaving = own ? ['bash', '--norc', '-c', 'exec "$@" 3</proc/self/ns/net', 'bash'] : [];
  const isolating = [...findIsolation(), ...(own ? ['--net'] : [])];
  const [command = 'bash', ...prefix] = [...joining, ...leaving, ...isolating, 'bash', '--norc'];
  // Without --norc bash reads ~/.bashrc here: its stdin is a socket, so it takes itself for one started by rshd.
  const child = spawn(command, [...prefix, '-c', script, name, isIsolated() ? 'isolated' : 'shared'], {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', OCR_FLEET: marker },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let queue: Promise<unknown> = Promise.resolve();

  async function readLine(): Promise<string> {
    const { value, done } = await lines.next();
    if (done) throw new FleetError(`The machine of ${name} ended unexpectedly.`);
    return String(value);
  }

  function run(line: string): Promise<string> {
    const answer = queue.then(() => {
      child.stdin.write(`${line}\n`);
      return readLine();
    });
    queue = answer.catch(() => {});
    return answer;
  }

  await readLine();
  return {
    pid: child.pid ?? 0,
    async start(program, parameters, { environment = {}, cwd = '/', log = '/dev/null' } = {}) {
      const variables = Object.entries(environment).map(([key, value]) => quote(`${key}=${value}`));
      const words = [program, ...parameters].map(quote);
      // Disowned, because bash reports the death of a job that it knows.
      const line = `cd ${quote(cwd)}; setsid env ${variables.join(' ')} ${words.join(' ')} </dev/null >>${quote(log)} 2>&1 & disown; echo $!`;
      return Number(await run(line));
    },
    async signal(pid, signalName) {
      await run(`kill -${signalName} $(tree ${pid}) 2>/dev/null; echo`);
    },
    async isRunning(pid) {
      return (await run(`kill -0 ${pid} 2>/dev/null && echo yes || echo no`)) === 'yes';
    },
    async mount(source, target) {
      if (!isIsolated()) throw new FleetError(`Nothing can be mounted for ${name} alone on this system.`);
      const answer = await run(`mount --bind ${quote(source)} ${quote(target)} 2>&1 | tr '\\n' ' '; echo`);
      if (answer.trim() !== '') throw new FleetError(`${name}: ${answer.trim()}`);
    },
    async close() {
      child.stdin.end();
      await Promise.race([exited, sleep(2000, undefined, { ref: false })]);
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The command that gives a process its own PID, mount and host name namespaces here; nothing where that is not permitted. */
function findIsolation(): readonly string[] {
  isolation ??= candidates.find(([command = '', ...rest]) => spawnSync(command, [...rest, 'true']).status === 0) ?? [];
  return isolation;
}

let isolation: readonly string[] | undefined;

const unshare = ['unshare', '--pid', '--fork', '--mount-proc', '--uts', '--kill-child'];
const candidates = process.getuid?.() === 0 ? [unshare] : [[...unshare, '--user', '--map-current-user']];

/** True where hosts do not see each other's processes. */
export function isIsolated(): boolean {
  return findIsolation().length > 0;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
