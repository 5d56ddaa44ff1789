import { dirname, join } from 'node:path/posix';

/** Source text by path below `src`, such as `store/rows.ts`. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly file: string;
  /** As it is written. */
  readonly specifier: string;
  /** Path below `src`; `null` for a package. */
  readonly target: string | null;
}

/** Folder by folder, what it may import besides itself. */
export type Rules = ReadonlyMap<string, readonly string[] | 'all'>;
/** Package by package, which folders may import it. */
export type PackageRules = ReadonlyMap<string, readonly string[]>;

const STATIC = /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE = /^\s*import\s*['"]([^'"]+)['"]/gm;
const TYPES = /^\s*(?:import|export)\s+type\b[^;]*;/gm;
const CALL = /\b(?:import|require)\s*\(\s*(['"]?)([^'")]*)/g;

/** Every import of a file: types, side effects, re-exports and import() too. */
export function importsOf(file: string, text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = [...code.matchAll(STATIC), ...code.matchAll(BARE)].map(([, specifier = '']) => specifier);
  for (const [, quote, specifier = ''] of code.matchAll(CALL)) found.push(quote === '' ? `(${specifier})` : specifier);
  return found.map((specifier) => ({
    file,
    specifier,
    target: specifier.startsWith('.') ? join(dirname(file), specifier) : null,
  }));
}

const folderOf = (path: string): string => path.split('/')[0] ?? '';
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The faults of the imports, one line each: file, import and rule. */
export function findViolations(sources: Sources, rules: Rules, packages: PackageRules): string[] {
  return allImports(sources).flatMap(({ file, specifier, target }) => {
    const folder = folderOf(file);
    const allowed = rules.get(folder);
    if (allowed === undefined) return [`${file}: the folder "${folder}" is not in the table`];
    if (specifier.startsWith('(')) return [`${file}: import${specifier}) cannot be checked; name the file`];
    if (target === null) {
      const folders = packages.get(packageOf(specifier));
      if (folders === undefined || folders.includes(folder)) return [];
      return [`${file}: imports "${specifier}"; only ${folders.join(' and ')} may`];
    }
    const to = folderOf(target);
    if (to === folder) return [];
    if (!sources.has(target)) return [`${file}: imports "${specifier}", which is not a file of src`];
    if (allowed !== 'all' && !allowed.includes(to)) {
      return [`${file}: imports "${specifier}"; ${folder} may import ${allowed.join(', ') || 'nothing'}`];
    }
    return [];
  });
}

/** Files that import each other in a circle, one line for each circle found. */
export function findCycles(sources: Sources): string[] {
  const edges = Map.groupBy(allImports(sources), ({ file }) => file);
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      cycles.push([...path.slice(at), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const { target } of edges.get(file) ?? []) {
      if (target !== null && sources.has(target)) visit(target, [...path, file]);
    }
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return cycles;
}

function allImports(sources: Sources): Import[] {
  return [...sources].flatMap(([file, text]) => importsOf(file, text));
}

/** The packages and Node's modules that are loaded with a file: by it and by what it imports other than types and by import(). */
export function loadedWith(sources: Sources, entry: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    const text = sources.get(file);
    if (text === undefined || seen.has(file)) return;
    seen.add(file);
    for (const { specifier, target } of importsOf(file, text.replace(TYPES, '').replace(CALL, ''))) {
      if (target === null) loaded.add(packageOf(specifier));
      else visit(target);
    }
  };
  visit(entry);
  return loaded;
}
