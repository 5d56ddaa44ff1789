/** A socket that a process listens on, as the process's own host reaches it. */
export interface Listener {
  readonly hostname: string;
  readonly port: number;
}

/** opencode's port for the browser's callback when the user logs in to an MCP server: it serves no API. */
const OAUTH_CALLBACK_PORT = 19876;

/**
 * Parses the sockets of one process, in the order in which they were opened, from `NUMBER=ADDRESS` joined by commas: an
 * inode and an address of /proc/net/tcp (hexadecimal, each four bytes in little-endian order), or a descriptor and an
 * address from lsof. Skips invalid entries.
 */
export function parseListeners(text: string): Listener[] {
  return text
    .split(',')
    .map((entry) => /^(\d+)=(.+):([0-9A-Fa-f]+)$/.exec(entry))
    .flatMap((match) => {
      const [, number = '', address = '', port = ''] = match ?? [];
      const hexadecimal = /^(?:[0-9A-F]{8}|[0-9A-F]{32})$/.test(address);
      const hostname = hexadecimal ? hostnameOfKernel(address) : hostnameOfLsof(address);
      const listener = { hostname, port: Number.parseInt(port, hexadecimal ? 16 : 10), order: Number(number) };
      return hostname !== '' && listener.port > 0 && listener.port < 65_536 && listener.port !== OAUTH_CALLBACK_PORT
        ? [listener]
        : [];
    })
    .sort((one, other) => one.order - other.order)
    .map(({ hostname, port }) => ({ hostname, port }));
}

function hostnameOfKernel(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return reachable(bytes.join('.'));
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return reachable(bytes.slice(12).join('.'));
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return reachable(groups.join(':'));
}

function hostnameOfLsof(address: string): string {
  if (address === '*') return '127.0.0.1';
  const bracketed = /^\[([0-9A-Fa-f:.]+)(?:%\w+)?\]$/.exec(address)?.[1];
  return reachable(bracketed?.replace(/^::ffff:(?=\d+\.)/i, '') ?? address);
}

/** A wildcard address is reached over loopback. */
function reachable(address: string): string {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(address)) {
    return address === '0.0.0.0' ? '127.0.0.1' : address;
  }
  if (!/^[0-9A-Fa-f:.]+$/.test(address) || !address.includes(':')) return '';
  return /^[0:]*1?$/.test(address) ? '::1' : address;
}
