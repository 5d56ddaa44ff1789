import type { Duplex } from 'node:stream';
import { JoinedStream } from '../joined-stream.ts';
import { TransportError } from '../transport.ts';
import type { RunningChild } from './child-process.ts';

/**
 * Returns a child's standard input and output as one stream. The two end together, with an error if the child failed.
 */
export function streamOver(child: RunningChild): Duplex {
  const { stdin, stdout } = child.process;
  if (stdin === null || stdout === null) throw new TransportError('protocol', 'the child has no pipes');
  const stream = new JoinedStream(stdout, stdin, () => child.kill());
  child.ended.then((end) => {
    if (end instanceof TransportError) stream.destroy(end);
    else if (end.code === 0 && stdout.readableEnded) stream.end();
    else stream.destroy(new TransportError('closed', 'the connection was lost'));
  });
  return stream;
}
