#!/usr/bin/env node
// Kept to what every Node since 12 can read, so that an old one can say what it lacks.
const wanted = [22, 12];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) {
  Promise.all([import('node:module'), import('node:os'), import('node:path'), import('node:fs')])
    .then(([{ enableCompileCache }, { homedir }, { isAbsolute, join }, { mkdirSync, statSync }]) => {
      // Compiled code is kept between runs: without it a quarter of the start goes into compiling. Not in Node's default folder: that is in /tmp, where
      // another user of the machine could create it first, and Node runs what it finds there.
      if (!process.argv.includes('--no-cache')) {
        try {
          const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocr');
          if (!isAbsolute(cache)) throw new Error(`${cache} is not an absolute path`);
          mkdirSync(cache, { recursive: true, mode: 0o700 });
          const { uid, mode } = statSync(cache);
          const isOurs = uid === process.getuid() && (mode & 0o022) === 0;
          if (isOurs) enableCompileCache(process.env.NODE_COMPILE_CACHE || join(cache, 'compiled'));
        } catch {
          // The start is slower, and whoever needs the folder says what is wrong with it.
        }
      }
      return import('../dist/ocr.js');
    })
    .catch((error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      process.stderr.write(`ocr: dist/ is missing: run "npm run build" first (${error.message})\n`);
      process.exitCode = 1;
    });
} else {
  process.stderr.write(`ocr needs Node ${wanted.join('.')} or newer; this is Node ${process.versions.node}\n`);
  process.exitCode = 1;
}
