import { expect, it } from 'vitest';
import { bundledPackages } from '../../scripts/third-party-licences.ts';

const output = (inputs: Record<string, number>) => ({
  imports: [],
  exports: [],
  bytes: 1,
  inputs: Object.fromEntries(Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }])),
});

it('names each package in the bundle once, also scoped and nested ones, and none whose code was dropped', () => {
  const folders = bundledPackages({
    'dist/ocr.js': output({ 'src/main.ts': 9, 'node_modules/ink/build/index.js': 9, 'node_modules/react/index.js': 0 }),
    'dist/chunk.js': output({
      'node_modules/ink/build/ink.js': 9,
      '../x/node_modules/@a/b/c.js': 1,
      'node_modules/wrap/node_modules/inner/i.js': 1,
    }),
  });
  expect(folders).toEqual(['../x/node_modules/@a/b', 'node_modules/ink', 'node_modules/wrap/node_modules/inner']);
});
