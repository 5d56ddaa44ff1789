/** The output of `ssh -G`: the values of each keyword (in lower case), in their order, as printed. */
export type SshOutput = ReadonlyMap<string, readonly string[]>;

/** Reads one `keyword value` a line. A keyword without a value, as ssh prints an empty one, has the value ''. */
export function readSshOutput(text: string): SshOutput {
  const output = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf(' ');
    const keyword = (at < 0 ? line : line.slice(0, at)).toLowerCase();
    if (keyword === '') continue;
    const value = at < 0 ? '' : line.slice(at + 1);
    const values = output.get(keyword);
    if (values === undefined) output.set(keyword, [value]);
    else values.push(value);
  }
  return output;
}

/** The first value of a keyword; `null` when it is missing, empty or `none`. */
export function firstValue(output: SshOutput, keyword: string): string | null {
  const value = output.get(keyword)?.[0]?.trim();
  return value === undefined || value === '' || value.toLowerCase() === 'none' ? null : value;
}

/** Returns all values of a keyword that is printed once for each, without `none`. */
export function allValues(output: SshOutput, keyword: string): string[] {
  return (output.get(keyword) ?? []).filter((value) => value !== '' && value.toLowerCase() !== 'none');
}

/** A keyword that is on unless it is missing, `no` or `false`: ssh prints either, and PubkeyAuthentication has more ways to be on. */
export function isOn(output: SshOutput, keyword: string): boolean {
  const value = firstValue(output, keyword);
  return value !== null && value !== 'no' && value !== 'false';
}

/** A whole number of at least 0, else `otherwise`. */
export function numberOf(output: SshOutput, keyword: string, otherwise: number): number {
  const value = firstValue(output, keyword);
  return value !== null && /^\d+$/.test(value) ? Number(value) : otherwise;
}

/** A list joined by commas. */
export function commaList(output: SshOutput, keyword: string): string[] {
  return (firstValue(output, keyword) ?? '').split(',').filter((item) => item !== '');
}

/**
 * Splits paths that ssh prints on one line, joined by blanks although they may contain blanks. A piece that does not
 * look absolute belongs to the one before it, if that does. Only a relative path after an absolute one is misread.
 */
export function pathList(output: SshOutput, keyword: string): string[] {
  const paths: string[] = [];
  for (const piece of (firstValue(output, keyword) ?? '').split(' ')) {
    const before = paths.at(-1);
    if (before !== undefined && /^[/~]/.test(before) && !/^[/~]/.test(piece))
      paths[paths.length - 1] = `${before} ${piece}`;
    else if (piece !== '') paths.push(piece);
  }
  return paths.filter((path) => path.toLowerCase() !== 'none');
}
