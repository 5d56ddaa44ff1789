import { defineConfig } from 'vitest/config';

const slow = ['test/**/*.integration.test.ts', 'test/e2e/**/*.test.ts'];

/** `unit` needs nothing but Node; `integration` needs the fleet, and so sshd, tmux and the built program. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: slow,
          env: { FORCE_COLOR: '0' },
          // Only a test that hangs takes as long: five seconds are little on a busy machine.
          testTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'integration',
          include: slow,
          // They wait more than they work: two at a time take half as long.
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          // A second is little for a real program on a busy machine.
          expect: { poll: { timeout: 10_000 } },
          // A machine that stands still for seconds fails a test that is right; what is wrong fails twice.
          retry: 1,
        },
      },
    ],
  },
});
