// One throw-away PostgreSQL from Debian's own package, reached by a socket in a temporary folder.

import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSIONS = '/usr/lib/postgresql';

function programs() {
  const found = existsSync(VERSIONS) ? readdirSync(VERSIONS).map((version) => join(VERSIONS, version, 'bin')) : [];
  const bin = found.filter((bin) => existsSync(join(bin, 'initdb'))).sort().pop();
  if (!bin) throw new Error('There is no PostgreSQL here: install it (on Debian: apt-get install postgresql).');
  return bin;
}

/** Whom it runs as where we are root, which it refuses to be. */
async function otherUser() {
  if (process.getuid?.() !== 0) return null;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const [, , uid, gid] = users.find(([name]) => name === 'postgres');
  return { uid: Number(uid), gid: Number(gid) };
}

export class Postgres {
  static async start() {
    const postgres = new Postgres();
    postgres.bin = programs();
    postgres.user = await otherUser();
    postgres.home = await mkdtemp(join(tmpdir(), 'portal-pg-'));
    if (postgres.user) await chown(postgres.home, postgres.user.uid, postgres.user.gid);
    const data = join(postgres.home, 'data');
    await postgres.#run('initdb', ['--no-sync', '--no-locale', '--encoding=UTF8', '--auth=trust', '--username=portal', '-D', data]);
    const settings = `-c listen_addresses='' -c unix_socket_directories='${postgres.home}' -c max_connections=100`;
    await postgres.#run('pg_ctl', ['start', '-w', '-t', '60', '-s', '-D', data, '-l', join(postgres.home, 'log'), '-o', settings]);
    return postgres;
  }

  async #run(program, args) {
    await run(join(this.bin, program), args, { cwd: this.home, ...this.user });
  }

  /** The address of a new database. */
  async database(name) {
    await this.#run('createdb', ['-h', this.home, '-U', 'portal', name]);
    return `postgres://portal@localhost/${name}?host=${encodeURIComponent(this.home)}`;
  }

  async stop() {
    await this.#run('pg_ctl', ['stop', '-m', 'immediate', '-s', '-D', join(this.home, 'data')]);
    await rm(this.home, { recursive: true, force: true });
  }
}
