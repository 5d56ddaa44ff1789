import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Process id of the simulated server: above the largest that Linux and macOS give to a process (2^22 and 99,998), so that no signal to it reaches a
 * real one.
 */
const SERVER_PID = 4_242_424;
/** The simulated address of the server: 127.0.0.1, on which nothing of this machine listens. */
export const SERVER_PORT = 4096;
const SOCKET_INODE = 424_242;
/** Seconds since the host was booted, and after which the server was started. */
const UPTIME_S = 1_728_000;
const STARTED_AFTER_S = 3600;
/** The kernel counts starts in hundredths of a second. */
const TICKS_PER_SECOND = 100;

export interface ProcSeed {
  readonly alias: string;
  readonly program: string;
  readonly home: string;
  readonly servesSessions: boolean;
}

/**
 * Writes a folder that looks to the survey's scripts as /proc of a Linux host does. Without a server, its process and its socket wait in `idle` for
 * `opencode serve`.
 */
export async function writeProc(root: string, { alias, program, home, servesSessions }: ProcSeed): Promise<void> {
  const folder = join(root, 'proc');
  const idle = join(root, 'idle');
  await mkdir(join(folder, 'net'), { recursive: true });
  await mkdir(join(folder, 'self'));
  await mkdir(join(folder, 'sys', 'kernel'), { recursive: true });
  const port = SERVER_PORT.toString(16).toUpperCase().padStart(4, '0');
  const socket = `   0: 0100007F:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 ${SOCKET_INODE} 1`;
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  await Promise.all([
    writeFile(join(folder, 'self', 'stat'), ''),
    writeFile(join(folder, 'uptime'), `${UPTIME_S}.00 ${UPTIME_S}.00\n`),
    writeFile(join(folder, 'sys', 'kernel', 'hostname'), `${alias}\n`),
    writeFile(join(folder, 'net', 'tcp'), `${head}\n${servesSessions ? `${socket}\n` : ''}`),
    writeFile(join(folder, 'net', 'tcp6'), `${head}\n`),
  ]);
  await writeProcess(servesSessions ? join(folder, String(SERVER_PID)) : join(idle, 'process'), program, home);
  if (!servesSessions) await writeFile(join(idle, 'tcp'), `${head}\n${socket}\n`);
}

async function writeProcess(folder: string, program: string, home: string): Promise<void> {
  await mkdir(join(folder, 'fd'), { recursive: true });
  const started = (UPTIME_S - STARTED_AFTER_S) * TICKS_PER_SECOND;
  // Fields 3 to 22 of proc(5): state, parent, and the start as the last one.
  const fields = ['S', '1', ...Array.from({ length: 17 }, () => '0'), String(started)];
  await Promise.all([
    writeFile(join(folder, 'comm'), 'opencode\n'),
    writeFile(join(folder, 'stat'), `${SERVER_PID} (opencode) ${fields.join(' ')} 0 0\n`),
    writeFile(join(folder, 'cmdline'), `${program}\0serve\0`),
    symlink(program, join(folder, 'exe')),
    symlink(home, join(folder, 'cwd')),
    symlink(`socket:[${SOCKET_INODE}]`, join(folder, 'fd', '7')),
  ]);
}
