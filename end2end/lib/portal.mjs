// Starts the real program on a free port with a data folder of its own, and stops it again.

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));
const binary = resolve(here, process.env.PORTAL_BIN ?? '../target/debug/portal');

/** What the program is given of this process: nothing that could point it at other data. */
const environment = (more) => ({ PATH: process.env.PATH, HOME: process.env.HOME, LOG: 'warn', RUST_BACKTRACE: process.env.RUST_BACKTRACE ?? '0', ...more });

async function freePort() {
  const server = net.createServer();
  await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// A run that is cut short leaves nothing running.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

const running = new Map();

/** The portal that answers at this address. */
export function portalAt(origin) {
  return running.get(origin);
}

export class Portal {
  static async folder() {
    if (!existsSync(binary)) {
      throw new Error('The program is not built: run `cargo build`, or name it in PORTAL_BIN.');
    }
    return mkdtemp(join(tmpdir(), 'portal-e2e-'));
  }

  /** Made-up people and sessions. `more` is added to the program's environment. */
  static async demo(more = {}) {
    const portal = new Portal();
    portal.folder = await Portal.folder();
    await portal.#start('demo', more);
    return portal;
  }

  /** An empty live database. `prepare` gets a function that runs a command of the program in it. */
  static async live(prepare) {
    const portal = new Portal();
    portal.folder = await Portal.folder();
    await prepare((...args) => portal.run(...args));
    await portal.#start('serve');
    return portal;
  }

  /** Runs one command of the program and answers what it printed. */
  async run(...args) {
    const { stdout } = await promisify(execFile)(binary, args, { env: environment({ DATA_DIR: this.folder, ...this.more }) });
    return stdout;
  }

  async #start(command, more = {}) {
    this.more = more;
    this.port = await freePort();
    // A secure cookie over plain HTTP is taken from this name only.
    this.origin = `http://localhost:${this.port}`;
    const env = environment({ DATA_DIR: this.folder, PORT: String(this.port), ...more });
    this.process = spawn(binary, [command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.said = '';
    this.process.stdout.on('data', (text) => (this.said += text));
    this.process.stderr.on('data', (text) => (this.said += text));
    const ended = new Promise((done) => this.process.once('exit', done));
    this.ended = ended;
    process.once('exit', () => this.process.kill('SIGKILL'));
    running.set(this.origin, this);
    const until = Date.now() + 60_000;
    while (!(await this.#ready())) {
      if (this.process.exitCode !== null) throw new Error(`The program ended at once:\n${this.said}`);
      if (Date.now() > until) throw new Error(`The program is not ready after a minute:\n${this.said}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async #ready() {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/health/ready`)).ok;
    } catch {
      return false;
    }
  }

  /** Reads a page as a browser's first request does. Counts every byte of the answer, headers and all. */
  async first(path) {
    const socket = net.connect(this.port, '127.0.0.1');
    const chunks = [];
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost:${this.port}\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n`,
    );
    for await (const chunk of socket) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const head = bytes.subarray(0, bytes.indexOf('\r\n\r\n')).toString('latin1');
    return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), bytes: bytes.length };
  }

  async stop() {
    if (this.process?.exitCode === null) {
      this.process.kill('SIGTERM');
      const slow = setTimeout(() => this.process.kill('SIGKILL'), 3_000);
      await this.ended;
      clearTimeout(slow);
    }
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}
