import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Closers } from '../../src/lib/closers.ts';
import { startServices } from '../fleet/start-services.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { type Alias, formatConfiguration, formatSshConfig, type Site, sitePlans } from './sites.ts';

/** Running hosts and the files of a program that looks at them. */
export interface Ground {
  readonly lab: Lab<Site>;
  readonly sshConfig: string;
  readonly configuration: string;
  /** The program's TMPDIR, with nothing in it. */
  readonly temporary: string;
  close(): Promise<void>;
}

/** Starts every host and writes the configuration of the program. */
export async function prepareGround(aliases: readonly Alias[], interval: string, timeout: string): Promise<Ground> {
  const closers = new Closers();
  const lab = await startLab(sitePlans);
  closers.add(() => lab.close());
  try {
    const first = lab.host('plain-1');
    const [dead, silent] = [250, 251].map((last) => first.address.replace(/\d+$/, String(last))) as [string, string];
    const services = await startServices({ silent: [{ host: silent, port: first.port }], delays: [] }, lab.directory);
    closers.add(() => services.close());
    const ground = {
      sshConfig: join(lab.directory, 'soak_config'),
      configuration: join(lab.directory, 'soak.yaml'),
      temporary: join(lab.directory, 'tmp'),
    };
    await mkdir(ground.temporary);
    const addresses = {
      ...{ include: lab.sshConfig, identity: lab.key('plain').path, dead, silent },
      addressOf: (site: Site) => lab.host(site).address,
    };
    await writeFile(ground.sshConfig, formatSshConfig(aliases, addresses));
    await writeFile(ground.configuration, formatConfiguration(aliases, interval, timeout));
    return { ...ground, lab, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
