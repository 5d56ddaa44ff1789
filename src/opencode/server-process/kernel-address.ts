/**
 * Returns the addresses of sockets that accept a connection to `hostname` (an IP address), as /proc/net/tcp and /proc/net/tcp6 write them on a
 * little-endian machine: the exact address, also in its IPv6 form, and the wildcard addresses. Empty for anything but an IP address.
 */
export function kernelAddresses(hostname: string): {
  readonly exact: readonly string[];
  readonly any: readonly string[];
} {
  const any6 = '0'.repeat(32);
  const bytes = bytesOf4(hostname);
  if (bytes !== null) {
    const address = littleEndian(bytes);
    return { exact: [address, `0000000000000000FFFF0000${address}`], any: ['0'.repeat(8), any6] };
  }
  const groups = groupsOf6(hostname);
  if (groups === null) return { exact: [], any: [] };
  const words = Array.from({ length: 4 }, (_, index) => {
    const [high = 0, low = 0] = groups.slice(index * 2, index * 2 + 2);
    return littleEndian([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  });
  return { exact: [words.join('')], any: [any6] };
}

function littleEndian(bytes: readonly number[]): string {
  return [...bytes]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function bytesOf4(hostname: string): readonly number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(hostname)) return null;
  const bytes = hostname.split('.').map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : null;
}

function groupsOf6(hostname: string): readonly number[] | null {
  const [head = '', tail, ...more] = hostname.split('::');
  const groupsIn = (text: string) => (text === '' ? [] : text.split(':'));
  const [first, last] = [groupsIn(head), groupsIn(tail ?? '')];
  const missing = 8 - first.length - last.length;
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return null;
  const groups = [...first, ...Array<string>(missing).fill('0'), ...last];
  return groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
}
