import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

interface Patch {
  readonly file: RegExp;
  readonly find: string;
  readonly replace: string;
  /** Put before the file's own text. */
  readonly before?: string;
}

/** A pure function's answers by its argument, forgotten all at once when there are many: the lines of some forty screens. */
const MEMORY = `
const remember = (compute) => {
  const known = new Map();
  return (text, options) => {
    if (options !== undefined) return compute(text, options);
    let answer = known.get(text);
    if (answer === undefined) {
      if (known.size >= 2048) known.clear();
      answer = compute(text);
      known.set(text, answer);
    }
    return answer;
  };
};
`;

/**
 * What Ink 8 computes again in each frame although most lines are those of the frame before: their widths, their escape sequences, their cells. With
 * memory a frame of 160x50 costs a third. And when the terminal gets narrower, what Ink paints first. And yoga-layout fetches its own WebAssembly from a data URL when there is a `fetch`, and looking at Node's
 * loads an HTTP client, 50 ms of the start; without one it decodes the same bytes itself.
 */
const PATCHES: readonly Patch[] = [
  {
    file: /node_modules\/string-width\/index\.js$/,
    find: 'export default function stringWidth(',
    replace: 'export default remember(stringWidth);\nfunction stringWidth(',
    before: MEMORY,
  },
  {
    file: /node_modules\/ink\/build\/sanitize-ansi\.js$/,
    find: 'export default sanitizeAnsi;',
    replace: 'export default remember(sanitizeAnsi);',
    before: MEMORY,
  },
  {
    file: /node_modules\/ink\/build\/output\.js$/,
    find: 'caches = new OutputCaches();',
    replace: 'caches = sharedCaches.get();',
    before: `
const sharedCaches = {
  caches: undefined,
  get() {
    if (this.caches === undefined || this.caches.styledChars.size >= 400) this.caches = new OutputCaches();
    return this.caches;
  },
};
`,
  },
  {
    // A frame of the old width would be wrapped by a narrower terminal and stand there for good; the one of the new width follows at once.
    file: /node_modules\/ink\/build\/ink\.js$/,
    find: 'this.onRender();\n        this.lastTerminalWidth = currentWidth;',
    replace:
      'if (currentWidth >= this.lastTerminalWidth) this.onRender();\n        this.lastTerminalWidth = currentWidth;',
  },
  { file: /yoga-layout\/dist\/binaries\/.*\.js$/, find: '', replace: '', before: 'const fetch = undefined;\n' },
];

/** Applies the patches while bundling. The build fails when a patched text is not there any more, so that an upgrade is noticed. */
export const inkPlugin: Plugin = {
  name: 'ink-patches',
  setup: ({ onLoad, onEnd }) => {
    const applied = new Set<Patch>();
    for (const patch of PATCHES) {
      onLoad({ filter: patch.file }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (!text.includes(patch.find)) throw new Error(`${path} has changed: "${patch.find}" is not in it`);
        applied.add(patch);
        return { contents: `${patch.before ?? ''}${text.replace(patch.find, patch.replace)}` };
      });
    }
    onEnd(() => {
      const idle = PATCHES.filter((patch) => !applied.has(patch));
      return { errors: idle.map(({ file }) => ({ text: `no file was bundled that matches ${file}` })) };
    });
  },
};
