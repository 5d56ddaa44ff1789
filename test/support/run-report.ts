import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** Retries of a whole run that are put down to a slow machine. More of them fail the run. */
const MAX_RETRIES = 2;
const SLOWEST_FILES = 10;

/** Prints which tests passed only when retried, and the slowest files. A run with too many retries fails. */
export default class RunReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = [...retryLines(modules), ...slowestLines(modules)];
    if (lines.length > 0) console.log(lines.join('\n'));
  }
}

function retryLines(modules: readonly TestModule[]): readonly string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const retried = tests.flatMap((test) => {
    const count = test.diagnostic()?.retryCount ?? 0;
    return count === 0 ? [] : [{ count, name: `${fileOf(test.module)} > ${test.fullName}` }];
  });
  const total = retried.reduce((sum, { count }) => sum + count, 0);
  if (total > MAX_RETRIES) process.exitCode = 1;
  const verdict = total > MAX_RETRIES ? `: more than ${MAX_RETRIES}, so the run fails` : '';
  return [
    `${total} ${total === 1 ? 'retry' : 'retries'}${verdict}`,
    ...retried.map(({ name }) => `  retried: ${name}`),
  ];
}

function slowestLines(modules: readonly TestModule[]): readonly string[] {
  const timed = modules.map((module) => ({ module, ms: module.diagnostic().duration }));
  const slowest = timed.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST_FILES);
  return ['slowest files:', ...slowest.map(({ module, ms }) => `  ${(ms / 1000).toFixed(1)} s  ${fileOf(module)}`)];
}

const fileOf = ({ moduleId }: TestModule) => relative(process.cwd(), moduleId);
