import { readdirSync, readFileSync } from 'node:fs';

/**
 * Numbers of the processes that serve the connections of an sshd; the one that listens is none of them.
 * @param machine number of the process that all of the machine descend from
 */
export function findSessions(machine: number): number[] {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(Number(name)) }));
  const below = (pid: number): number[] => {
    const own = found.filter(({ parent }) => parent === pid).map((child) => child.pid);
    return [...own, ...own.flatMap(below)];
  };
  return below(machine).filter((pid) => /^sshd(-session)?: \w/.test(read(pid, 'cmdline')));
}

function parentOf(pid: number): number {
  const stat = read(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
