import { readFile, rm } from 'node:fs/promises';
import { build, type Plugin } from 'esbuild';

/**
 * yoga-layout fetches its own WebAssembly from a data URL when there is a `fetch`, and looking at Node's loads an HTTP client: 50 ms of the start.
 * Without one it decodes the same bytes itself.
 */
const withoutFetch: Plugin = {
  name: 'yoga-without-fetch',
  setup: ({ onLoad }) => {
    onLoad({ filter: /yoga-layout\/dist\/binaries\/.*\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
    }));
  },
};

/**
 * Bundles the program into dist/: one entry, and a chunk for what is loaded only when it is needed. CommonJS dependencies use `require` and
 * `__dirname`, which an ES module has to make for itself.
 */
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { ocr: 'src/commands/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  jsx: 'automatic',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  // Optional native code: built for the Node that installed it, which need not be the one that runs. ssh2 does without.
  plugins: [withoutFetch],
  external: ['*.node', 'cpu-features', 'react-devtools-core'],
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join(' '),
  },
  logLevel: 'warning',
});
