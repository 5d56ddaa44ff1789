import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
/** The folder of a package inside the last `node_modules` of a path. */
const PACKAGE_FOLDER = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Returns the folders of the packages with code in the bundle, sorted. A package whose code was all dropped is not among them. */
export function bundledPackages(outputs: Metafile['outputs']): string[] {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = inputs.flatMap((path) => PACKAGE_FOLDER.exec(path)?.[1] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * Returns name, version, licence and the licence's own text of each bundled package.
 * @throws when a package names no licence: it may not be shipped
 */
export async function thirdPartyLicences(outputs: Metafile['outputs']): Promise<string> {
  const parts = await Promise.all(bundledPackages(outputs).map(describePackage));
  const intro = 'The files in this folder contain code of these packages, under the licences that follow.\n';
  // One package can be installed in several places.
  return [intro, ...new Set(parts)].join(`\n${'-'.repeat(80)}\n\n`);
}

async function describePackage(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  if (license === undefined && texts.length === 0)
    throw new Error(`${folder} names no licence, so it cannot be bundled`);
  const title = `${name} ${version} (${license ?? 'see below'})`;
  return `${[title, ...texts.map((text) => text.trim())].join('\n\n')}\n`;
}
