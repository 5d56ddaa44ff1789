import { readFileSync } from 'node:fs';

/** The sockets of one address and port in a network. */
export type Sockets = { readonly listening: boolean; readonly established: number };

/** States of proc_net_tcp(5). */
const ESTABLISHED = '01';
const LISTENING = '0A';

/**
 * What a network namespace has on an IPv4 address. It asks the kernel and not the server: a connection made to find out
 * would be in the server's log.
 * @param pid number of any process in that network
 */
export function findSockets(pid: number, address: string, port: number): Sockets {
  const local = formatLocal(address, port);
  const states = readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1] === local)
    .map((fields) => fields[3]);
  return {
    listening: states.includes(LISTENING),
    established: states.filter((state) => state === ESTABLISHED).length,
  };
}

/** `127.0.5.10` and 2222 give `0A05007F:08AE`: the address as a number of this machine, which is little endian. */
function formatLocal(address: string, port: number): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const bytes = address.split('.').map((byte) => hex(Number(byte), 2));
  return `${bytes.toReversed().join('')}:${hex(port, 4)}`;
}
