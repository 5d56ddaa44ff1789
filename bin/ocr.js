#!/usr/bin/env node
// Kept to what every Node since 12 can read, so that an old one can say what it lacks.
const wanted = [22, 12];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) {
  keepCompiled();
  import('../dist/ocr.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(`ocr: dist/ is missing: run "npm run build" first (${error.message})\n`);
    process.exitCode = 1;
  });
} else {
  process.stderr.write(`ocr needs Node ${wanted.join('.')} or newer; this is Node ${process.versions.node}\n`);
  process.exitCode = 1;
}

/**
 * Keeps compiled code between runs: without it a quarter of the start goes into compiling. Not in Node's default folder: that is in /tmp, where another user
 * of the machine could create it first, and Node runs what it finds there. Nor in a folder that others can write to.
 */
function keepCompiled() {
  // The demo leaves nothing behind.
  if (process.argv.includes('--no-cache') || process.argv[2] === 'demo') return;
  const [fs, { enableCompileCache }, os, path] = ['fs', 'module', 'os', 'path'].map(process.getBuiltinModule);
  try {
    const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'ocr');
    if (!path.isAbsolute(cache)) return;
    fs.mkdirSync(cache, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(cache);
    if (uid !== process.getuid() || (mode & 0o022) !== 0) return;
    enableCompileCache(process.env.NODE_COMPILE_CACHE || path.join(cache, 'compiled'));
  } catch {
    // The start is slower, and whoever needs the folder says what is wrong with it.
  }
}
