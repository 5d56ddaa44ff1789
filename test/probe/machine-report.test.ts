import { describe, expect, it } from 'vitest';
import { memoryShare } from '../../src/domain/machine.ts';
import { parseMachine } from '../../src/probe/machine-report.ts';

const KIB = 1024;

/** As vm_stat(1) of macOS 14 prints it, on one line. */
const VM_STAT =
  'Mach Virtual Memory Statistics: (page size of 16384 bytes) Pages free: 5000. Pages active: 200000. ' +
  'Pages inactive: 190000. Pages speculative: 3000. Pages wired down: 80000. Pages purgeable: 10000. ' +
  'File-backed pages: 120000. Anonymous pages: 260000. Pages occupied by compressor: 40000.';

describe('load and memory of a host', () => {
  it('are read from /proc', () => {
    const line = 'proc load=0.42 cpus=0-3,8,10-11 total=16000000 available=6000000';
    const machine = parseMachine(line, undefined);
    expect(machine).toEqual({ load: 0.42, cpus: 7, memoryTotal: 16_000_000 * KIB, memoryUsed: 10_000_000 * KIB });
    expect(machine && memoryShare(machine)).toBe(0.625);
  });

  it('are estimated on a kernel that does not tell what is available', () => {
    const line = 'proc load=1.00 cpus=0 total=1000 available=+100+50+250';
    expect(parseMachine(line, undefined)).toMatchObject({ cpus: 1, memoryUsed: 600 * KIB });
  });

  it('are read from sysctl and vm_stat of macOS', () => {
    const sysctl = 'sysctl vm.loadavg: { 1.83 2.01 2.20 } hw.ncpu: 10 hw.memsize: 17179869184 hw.pagesize: 16384';
    const used = (260_000 - 10_000 + 80_000 + 40_000) * 16_384;
    expect(parseMachine(sysctl, VM_STAT)).toEqual({
      ...{ load: 1.83, cpus: 10, memoryTotal: 17_179_869_184, memoryUsed: used },
    });
  });

  it('are read from sysctl of FreeBSD and of OpenBSD', () => {
    const free = 'vm.stats.vm.v_free_count: 100000 vm.stats.vm.v_inactive_count: 50000';
    const ofFreeBsd = `sysctl vm.loadavg: { 0.30 0.25 0.20 } hw.ncpu: 4 hw.physmem: 1000000000 hw.pagesize: 4096 ${free}`;
    expect(parseMachine(ofFreeBsd, undefined)).toEqual({
      ...{ load: 0.3, cpus: 4, memoryTotal: 1_000_000_000, memoryUsed: 1_000_000_000 - 150_000 * 4096 },
    });
    expect(parseMachine('sysctl vm.loadavg=0.19 0.20 0.17 hw.ncpu=2 hw.physmem=8000', undefined)).toEqual({
      ...{ load: 0.19, cpus: 2, memoryTotal: 8000, memoryUsed: null },
    });
  });

  it('are unknown where the host tells nothing, or nonsense', () => {
    expect(parseMachine(undefined, VM_STAT)).toBeNull();
    expect(parseMachine('proc load= cpus= total= available=', undefined)).toBeNull();
    expect(parseMachine('proc load=-1 cpus=a total=1e9 available=x', undefined)).toBeNull();
    expect(parseMachine('sysctl', 'Pages free: 1.')).toBeNull();
  });
});
