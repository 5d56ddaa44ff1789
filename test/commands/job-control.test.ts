import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { JobControl, type TerminalUse } from '../../src/commands/job-control.ts';

/** A process that a signal stops, or not, until the test continues it. */
class FakeProcess extends EventEmitter {
  readonly pid = 4242;
  readonly kills: [number, string][] = [];
  isStopped = false;
  hasShell = true;

  kill(pid: number, signal: string): void {
    this.kills.push([pid, signal]);
    this.isStopped = this.hasShell && this.listenerCount('SIGTSTP') === 0;
  }

  continue(): void {
    this.isStopped = false;
    this.emit('SIGCONT');
  }
}

describe('the dashboard as a job of a shell', () => {
  let job: FakeProcess;
  let steps: string[];
  let control: JobControl;

  beforeEach(() => {
    job = new FakeProcess();
    steps = [];
  });

  function aControl(changes: Partial<TerminalUse> = {}): JobControl {
    control = new JobControl(job, {
      lend: async (callback) => {
        steps.push('give');
        await callback();
        steps.push('take');
      },
      isLent: () => false,
      leaveProgram: async () => null,
      refreshSize: () => steps.push('size'),
      reportNoShell: () => steps.push('no shell'),
      ...changes,
    });
    return control;
  }

  it('gives the terminal back, stops with its group, and takes all of it again', async () => {
    const suspended = aControl().suspend();
    await vi.waitFor(() => expect(job.isStopped).toBe(true));
    expect([steps, job.kills]).toEqual([['give'], [[0, 'SIGTSTP']]]);
    job.continue();
    await suspended;
    expect(steps).toEqual(['give', 'size', 'take']);
    expect(job.listenerCount('SIGTSTP')).toBe(1);
  });

  it('does the same at the signal, once for several', async () => {
    aControl();
    job.emit('SIGTSTP');
    job.emit('SIGTSTP');
    await vi.waitFor(() => expect(job.isStopped).toBe(true));
    job.continue();
    await vi.waitFor(() => expect(steps).toEqual(['give', 'size', 'take']));
    expect(job.kills).toHaveLength(1);
    job.emit('SIGTSTP');
    await vi.waitFor(() => expect(job.kills).toHaveLength(2));
    job.continue();
    await vi.waitFor(() => expect(steps).toHaveLength(6));
  });

  it('says that there is no shell where nothing stops it', async () => {
    job.hasShell = false;
    await aControl().suspend();
    expect(steps).toEqual(['give', 'size', 'take', 'no shell']);
  });

  it('takes the terminal again after a stop without warning', async () => {
    aControl();
    job.continue();
    await vi.waitFor(() => expect(steps).toEqual(['give', 'size', 'take']));
    expect(job.kills).toEqual([]);
  });

  it('leaves an attached program first, and shows it again', async () => {
    let shown = true;
    const leaveProgram = async () => {
      shown = false;
      return () => {
        shown = true;
      };
    };
    aControl({ leaveProgram, isLent: () => shown });
    job.emit('SIGTSTP');
    await vi.waitFor(() => expect(job.isStopped).toBe(true));
    expect(shown).toBe(false);
    job.continue();
    await vi.waitFor(() => expect(shown).toBe(true));
    expect(steps).toEqual(['give', 'size', 'take']);
  });

  it('stops alone while an editor has the terminal, which gives it back by itself', async () => {
    aControl({ isLent: () => true });
    job.emit('SIGTSTP');
    await vi.waitFor(() => expect(job.kills).toEqual([[4242, 'SIGTSTP']]));
    job.continue();
    job.continue();
    await Promise.resolve();
    expect(steps).toEqual([]);
  });

  it('never takes the terminal again when it ends while it is suspended', async () => {
    const suspended = aControl().suspend();
    await vi.waitFor(() => expect(job.isStopped).toBe(true));
    expect(control.isSuspended).toBe(true);
    control.close();
    job.continue();
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), 50));
    expect(await Promise.race([suspended, late])).toBe('late');
    expect([steps, job.eventNames()]).toEqual([['give'], []]);
  });

  it('is left alone once it is closed', () => {
    aControl().close();
    expect(job.eventNames()).toEqual([]);
  });
});
