import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { thirdPartyLicences } from './third-party-licences.ts';

/**
 * Takes Node's own modules from the process. An import of one makes Node build a module of all its exports, which loads what most of them never need:
 * `node:fs` its streams. That took a tenth of the start. Each package has its own copies, so that none of them is shared in a file of its own.
 */
const nodeModules: Plugin = {
  name: 'node-modules',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:/ }, ({ path, kind, importer }) => {
      // A dynamic import of a CommonJS module has its default export alone.
      if (kind === 'dynamic-import') return { path, external: true };
      const owner = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(importer)?.[1] ?? 'src';
      return {
        path: `${path} of ${owner}`,
        namespace: kind === 'require-call' ? 'required-node-module' : 'node-module',
        pluginData: path,
      };
    });
    onLoad({ filter: /.*/, namespace: 'required-node-module' }, ({ pluginData: path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    onLoad({ filter: /.*/, namespace: 'node-module' }, ({ pluginData: path }) => {
      const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter(
        (name) => /^[A-Za-z]\w*$/.test(name) && name !== 'default',
      );
      // Those that nobody imports are not read, since a call marked as pure is left out.
      const exported = names.map((name) => `const ${name}_ = /* @__PURE__ */ (() => module.${name})();`);
      const list = names.map((name) => `${name}_ as ${name}`).join(', ');
      return {
        contents: [
          `const module = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)});`,
          ...exported,
          `export { module as default, ${list} };`,
        ].join('\n'),
      };
    });
  },
};

/** What is loaded before anything is on the screen: the command line, then the first frame. */
const [COMMAND_LINE, FIRST_FRAME] = [resolve('src/commands/program.ts'), resolve('src/commands/dashboard.ts')];
/** The same for a verb that lists what is known. */
const [RUN_VERB, LISTING] = [resolve('src/commands/run-verb.ts'), resolve('src/verbs/fleet/sessions.ts')];

/**
 * Keeps what comes first in few files: esbuild makes a chunk for each group of modules that the same dynamic imports share, and opening one takes as long as
 * painting ten rows. With this, each of them needs all that comes first, which is loaded by then anyway.
 *
 * @param first files in the order in which they are loaded
 */
function firstInFewFiles(first: readonly string[]): Plugin {
  return {
    name: 'first-in-few-files',
    setup: ({ onResolve, onLoad }) => {
      const entries = new Set<string>();
      onResolve({ filter: /^\.\.?\/.*\.tsx?$/ }, ({ path, kind, resolveDir }) => {
        if (kind === 'dynamic-import') entries.add(resolve(resolveDir, path));
        return undefined;
      });
      onLoad({ filter: /\/src\/.*\.tsx?$/ }, async ({ path }) => {
        if (!entries.has(path)) return undefined;
        const before = first.includes(path) ? first.slice(0, first.indexOf(path)) : first;
        const imports = before.map((file) => `import ${JSON.stringify(file)};`).join('');
        const contents = `${imports}\n${await readFile(path, 'utf8')}`;
        return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts', resolveDir: dirname(path) };
      });
    },
  };
}

/** Leaves the verbs to a build of their own: a script that calls one by one waits for each start, and the dashboard's code would be half of it. */
const verbsApart: Plugin = {
  name: 'verbs-apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/run-verb\.ts$/ }, () => ({ path: './verbs/run-verb.js', external: true }));
  },
};

/**
 * Bundles the program into dist/: its entry, the program that ssh starts to reach it, and a chunk for what is loaded only when it is needed. CommonJS
 * dependencies use `require` and `__dirname`, which an ES module has to make for itself.
 */
await rm('dist', { recursive: true, force: true });
const options = {
  metafile: true,
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
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    'process.env.OCR_BUILD': JSON.stringify(await hashSources()),
  },
  // Native code. Optional one is built for the Node that installed it, which need not be the one that runs, and ssh2 does without; node-pty finds the
  // binary of its platform beside itself.
  external: ['*.node', '@lydell/node-pty', 'cpu-features', 'react-devtools-core'],
  banner: {
    js: [
      "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join(' '),
  },
  logLevel: 'warning',
} satisfies BuildOptions;
const program = await build({
  ...options,
  plugins: [nodeModules, verbsApart, firstInFewFiles([COMMAND_LINE, FIRST_FRAME])],
  entryPoints: { ocr: 'src/commands/ocr.ts' },
});
const verbs = await build({
  ...options,
  plugins: [nodeModules, firstInFewFiles([RUN_VERB, LISTING])],
  outdir: 'dist/verbs',
  entryPoints: { 'run-verb': RUN_VERB },
});
// Apart, so that it shares no file with the first frame.
const helper = await build({
  ...options,
  plugins: [nodeModules],
  entryPoints: { 'ssh-helper': 'src/transport/openssh/ssh-helper.ts' },
});
const outputs = { ...program.metafile.outputs, ...verbs.metafile.outputs, ...helper.metafile.outputs };
await writeFile('dist/THIRD-PARTY-LICENCES.txt', await thirdPartyLicences(outputs));

/** The same for the same sources. */
async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir('src', { recursive: true });
  const files = names.filter((name) => /\.tsx?$/.test(name)).sort();
  for (const file of [...files.map((name) => `src/${name}`), 'package-lock.json']) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}
