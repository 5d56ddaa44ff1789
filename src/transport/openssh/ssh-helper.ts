import { connect } from 'node:net';

/**
 * Started by ssh to reach this program: `node ssh-helper.js askpass SOCKET PROMPT` as its SSH_ASKPASS, `node
 * ssh-helper.js bridge SOCKET` as its ProxyCommand. Holds no state; the other end of the socket is
 * `ssh-helper-server.ts`. Runs on its own: imports nothing of the program.
 */
const [mode, path = '', ...words] = process.argv.slice(2);
const socket = connect({ path, allowHalfOpen: true });
socket.on('error', () => process.exit(1));

if (mode === 'askpass') {
  let reply = '';
  // The shell in between was replaced by this program, so its parent is the ssh that asks.
  const request = { prompt: words.join(' '), hint: process.env.SSH_ASKPASS_PROMPT ?? null, asker: process.ppid };
  socket.write(`${JSON.stringify(request)}\n`);
  socket.setEncoding('utf8').on('data', (text: string) => {
    reply += text;
  });
  socket.on('end', () => {
    socket.end();
    const answer: unknown = reply === '' ? null : JSON.parse(reply);
    if (typeof answer === 'string') process.stdout.write(`${answer}\n`);
    else process.exitCode = 1;
  });
} else if (mode === 'bridge') {
  process.stdin.pipe(socket).pipe(process.stdout);
  // ssh ends a ProxyCommand by SIGHUP or by closing its pipes; without the host there is nothing left to carry.
  process.stdout.on('error', () => process.exit(1));
  socket.on('end', () => process.stdout.write('', () => process.exit(0)));
} else {
  process.exit(64);
}
