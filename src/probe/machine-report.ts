import type { Machine } from '../domain/machine.ts';

const KIBIBYTE = 1024;

/**
 * Parses the lines of `ocr_tell_machine`; `null` if they tell nothing.
 * @param machine `proc load=0.42 cpus=0-7 total=16318412 available=8123456` (KiB; see proc_meminfo(5)), or the output of sysctl(8) on one line
 * @param pages the output of vm_stat(1) of macOS on one line
 */
export function parseMachine(machine: string | undefined, pages: string | undefined): Machine | null {
  if (machine === undefined) return null;
  const found = machine.startsWith('proc ') ? parseProc(machine) : parseSysctl(machine, pages ?? '');
  return Object.values(found).every((value) => value === null) ? null : found;
}

function parseProc(text: string): Machine {
  const fields = new Map([...text.matchAll(/(\w+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value]));
  const total = countOf(fields.get('total'));
  // A kernel before 3.14 does not tell what is available: the parts that can be freed are added up.
  const parts = (fields.get('available') ?? '').split('+').filter((part) => part !== '');
  const available = parts.map(countOf).reduce(sum, parts.length === 0 ? null : 0);
  return {
    load: numberOf(fields.get('load')),
    cpus: countCpus(fields.get('cpus') ?? ''),
    memoryTotal: total === null ? null : total * KIBIBYTE,
    memoryUsed: total === null || available === null ? null : Math.max(0, total - available) * KIBIBYTE,
  };
}

/** Counts a list of CPUs as the kernel writes it: `0-3,8,10-11`. */
function countCpus(list: string): number | null {
  let count = 0;
  for (const range of list.split(',')) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (first === undefined) return null;
    count += Number(last ?? first) - Number(first) + 1;
  }
  return count > 0 ? count : null;
}

/** Each system names and separates in its own way: `vm.loadavg: { 1.2 1.3 1.4 }`, `vm.loadavg=1.2 1.3 1.4`. */
function parseSysctl(text: string, pages: string): Machine {
  const read = (name: string) =>
    numberOf(new RegExp(`\\b${name.replaceAll('.', '\\.')}\\s*[:=]\\s*\\{?\\s*([\\d.]+)`).exec(text)?.[1]);
  const total = read('hw.memsize') ?? read('hw.physmem');
  const used = usedOnMacOs(pages) ?? usedOnFreeBsd(total, read);
  return { load: read('vm.loadavg'), cpus: read('hw.ncpu'), memoryTotal: total, memoryUsed: used };
}

/** Adds up the pages as Activity Monitor does: memory of programs that cannot be purged, wired memory, and the compressor's. */
function usedOnMacOs(pages: string): number | null {
  const size = numberOf(/page size of (\d+) bytes/.exec(pages)?.[1]);
  const countOfPages = (name: string) => numberOf(new RegExp(`${name}: +(\\d+)\\.`).exec(pages)?.[1]);
  const [anonymous, wired] = [countOfPages('Anonymous pages'), countOfPages('Pages wired down')];
  if (size === null || anonymous === null || wired === null) return null;
  const compressed = countOfPages('Pages occupied by compressor') ?? 0;
  return Math.max(0, anonymous - (countOfPages('Pages purgeable') ?? 0) + wired + compressed) * size;
}

function usedOnFreeBsd(total: number | null, read: (name: string) => number | null): number | null {
  const [size, free] = [read('hw.pagesize'), read('vm.stats.vm.v_free_count')];
  if (total === null || size === null || free === null) return null;
  return Math.max(0, total - (free + (read('vm.stats.vm.v_inactive_count') ?? 0)) * size);
}

const sum = (one: number | null, other: number | null) => (one === null || other === null ? null : one + other);

function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d+(?:\.\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

function countOf(text: string | undefined): number | null {
  return text === undefined || !/^\d{1,15}$/.test(text) ? null : Number(text);
}
