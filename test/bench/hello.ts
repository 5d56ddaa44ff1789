import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Rows of text, as many as the dashboard shows on 50 rows beside its header and footer. */
const ROWS = 46;
/** In the last row. */
export const HELLO_SHOWN = `row ${ROWS}`;

const SOURCE = `
import { createElement } from 'react';
import { Box, render, Text } from 'ink';
const rows = Array.from({ length: ${ROWS} }, (_, index) => createElement(Text, { key: index }, 'hello row ' + (index + 1)));
render(createElement(Box, { flexDirection: 'column' }, rows), { alternateScreen: true });
setInterval(() => {}, 1000);
`;

/** Bundles a hello-world of Ink as the dashboard is bundled, with kept compiled code too. Returns the path of the program. */
export async function buildHello(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await build({
    stdin: { contents: SOURCE, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    ...{ outdir: folder, entryNames: 'bundle', outExtension: { '.js': '.mjs' }, bundle: true, splitting: true },
    ...{ format: 'esm', platform: 'node', target: 'node22.12', minifySyntax: true, minifyWhitespace: true },
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    external: ['react-devtools-core'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  const program = join(folder, 'hello.mjs');
  const compiled = JSON.stringify(join(folder, 'compiled'));
  await writeFile(
    program,
    `import { enableCompileCache, flushCompileCache } from 'node:module';\nenableCompileCache(${compiled});\nawait import('./bundle.mjs');\nsetImmediate(flushCompileCache);\n`,
  );
  return program;
}
