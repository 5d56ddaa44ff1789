import { defineConfig } from 'vitest/config';

const integration = ['test/**/*.integration.test.ts', 'test/e2e/**/*.test.ts'];
const processes = ['test/**/*.process.test.ts'];
/** A test that takes longer than this hangs, even on a busy machine. */
const UNIT_TIMEOUT_MS = 60_000;
const INTEGRATION_TIMEOUT_MS = 300_000;
const HOOK_TIMEOUT_MS = 600_000;
/** A machine that stands still for a second fails no poll. */
const POLL_TIMEOUT_MS = 10_000;

const unit = {
  env: { FORCE_COLOR: '0' },
  testTimeout: UNIT_TIMEOUT_MS,
  expect: { poll: { timeout: POLL_TIMEOUT_MS } },
};

/**
 * Four kinds of tests, by the name of their file. `pure` and `screen` start no process and open no socket (`test/support/no-processes.ts`); `process`
 * needs Node and a shell; `integration` needs the test fleet, and so sshd, tmux and the built program.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: [
      process.env.CI === undefined ? 'default' : ['default', { summary: false }],
      './test/support/run-report.ts',
    ],
    projects: [
      {
        test: {
          ...unit,
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: [...integration, ...processes],
          isolate: false,
          setupFiles: ['test/support/no-processes.ts', 'test/support/property-rounds.ts'],
        },
      },
      {
        test: {
          ...unit,
          name: 'screen',
          include: ['test/**/*.test.tsx'],
          setupFiles: ['test/support/no-processes.ts', 'test/support/property-rounds.ts'],
        },
      },
      { test: { ...unit, name: 'process', include: processes, setupFiles: ['test/support/property-rounds.ts'] } },
      {
        test: {
          name: 'integration',
          include: integration,
          setupFiles: ['test/support/property-rounds.ts'],
          testTimeout: INTEGRATION_TIMEOUT_MS,
          hookTimeout: HOOK_TIMEOUT_MS,
          expect: { poll: { timeout: POLL_TIMEOUT_MS } },
          // A machine that stands still for seconds fails a test that is right. The reporter counts the retries: more than two fail the run.
          retry: 1,
        },
      },
    ],
  },
});
