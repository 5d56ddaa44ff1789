import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The program as seen from outside. */
export interface Outside {
  readonly at: number;
  readonly descriptors: number;
  /** Processes that it started, those in the background too, as `pid name`. */
  readonly children: readonly string[];
  /** Bytes. */
  readonly rss: number;
}

/** Name of the variable by which processes that the program started are found, wherever they went. */
export const MARK = 'OCR_SOAK';

/** @param mark the value of the variable, which only the program's environment holds */
export function observe(pid: number, mark: string): Outside {
  const status = read(pid, 'status');
  return {
    at: Date.now(),
    descriptors: listDescriptors(pid).length,
    children: findMarked(mark)
      .filter((found) => found !== pid)
      .map((found) => `${found} ${read(found, 'cmdline').replaceAll('\0', ' ').slice(0, 120)}`),
    rss: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
  };
}

/** The target of each open file descriptor of a process. */
export function listDescriptors(pid: number): string[] {
  return list(`/proc/${pid}/fd`).map((number) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${number}`);
    } catch {
      return 'gone';
    }
  });
}

function findMarked(mark: string): number[] {
  const wanted = `${MARK}=${mark}`;
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => read(pid, 'environ').split('\0').includes(wanted));
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
