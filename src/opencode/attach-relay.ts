import { quoteArgument } from '../lib/shell-quote.ts';
import { type ProvenProcess, proofFunction } from './server-process/proof-script.ts';

export interface RelayPlan {
  /** Path of opencode on the host. */
  readonly opencodePath: string;
  readonly server: ProvenProcess;
  readonly directory: string;
  /** Arguments of `opencode attach` after the address. */
  readonly arguments: readonly string[];
  /** Exit status when a connection leads to a process other than the server; the relay has printed why. */
  readonly notProven: number;
  /** Exit status when opencode cannot run a relay. */
  readonly noRelay: number;
}

/**
 * JavaScript for the runtime inside opencode (and for Node). Listens on a port of its own, runs `opencode attach` with that address, and forwards
 * each connection once it is proven. When a proof fails, it ends opencode and prints why. Arguments: host, port, proof, status of a failed proof,
 * directory, opencode, and the arguments of attach after the address.
 */
const RELAY = `
const net = require("node:net");
const { execFile, spawn } = require("node:child_process");
const [host, port, proof, status, directory, program, ...words] = process.argv.slice(1);
let child, why;
const relay = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
  const far = net.connect({ host, port: Number(port), allowHalfOpen: true });
  const drop = () => { near.destroy(); far.destroy(); };
  for (const end of [near, far]) end.on("error", drop).on("close", drop);
  far.on("connect", () => execFile("/bin/sh", ["-c", proof], (error, said) => {
    if (error === null) { near.pipe(far); far.pipe(near); return; }
    drop();
    if (why === undefined) { why = said.trim(); child.kill("SIGKILL"); }
  }));
});
relay.listen(0, "127.0.0.1", () => {
  const env = { ...process.env, PWD: directory };
  delete env.BUN_BE_BUN;
  const address = "http://127.0.0.1:" + relay.address().port;
  child = spawn(program, ["attach", address, ...words], { cwd: directory, env, stdio: "inherit" });
  child.on("error", () => process.exit(127));
  child.on("exit", (code, signal) => {
    if (why !== undefined) process.stdout.write(why + String.fromCharCode(10), () => process.exit(Number(status)));
    else if (signal === null) process.exit(code);
    else process.kill(process.pid, signal);
  });
});
for (const name of ["SIGINT", "SIGQUIT", "SIGTSTP"]) process.on(name, () => {});
`.trim();

/**
 * Returns lines of POSIX sh that become `opencode attach` behind a relay. Needed where opencode holds a password that outlives the server: when the
 * server ends, opencode reconnects at once, and any user may have the port by then. Only the relay connects to the port, and it proves each
 * connection once open. The relay starts in `/`, since the runtime would run code that a `bunfig.toml` in the session's directory names.
 * @param before lines that run right before the relay starts
 */
export function relayLines(plan: RelayPlan, before: readonly string[]): string[] {
  const { opencodePath, server, directory, notProven, noRelay } = plan;
  const program = quoteArgument(opencodePath);
  const proof = `${proofFunction(server)}\nocr_prove || { printf %s "$ocr_why"; exit 1; }`;
  const words = [server.hostname, String(server.port), proof, String(notProven), directory, opencodePath];
  const asRuntime = `BUN_BE_BUN=1 ${program} -e`;
  return [
    'cd /',
    `[ "$(${asRuntime} 'console.log(7)' </dev/null 2>/dev/null)" = 7 ] || exit ${noRelay}`,
    ...before,
    'BUN_BE_BUN=1',
    'export BUN_BE_BUN',
    `exec ${program} -e ${[RELAY, ...words, ...plan.arguments].map(quoteArgument).join(' ')}`,
  ];
}
