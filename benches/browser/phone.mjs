// A phone on a slow line: Chromium with its own throttling, and what it counts of one load.

import net from 'node:net';
import { chromium } from 'playwright-core';

const kbit = (rate) => (rate * 1000) / 8;
// A processor four times slower stands for a cheap phone.
export const SLOW_4G = { latency: 150, downloadThroughput: kbit(1638.4), uploadThroughput: kbit(750), cpu: 4 };
export const SLOW_3G = { latency: 400, downloadThroughput: kbit(400), uploadThroughput: kbit(400), cpu: 4 };
/** The screen of Lighthouse's phone. */
const SCREEN = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true };
/** After so long without a request a page is done, in milliseconds. */
const QUIET = 500;
const LONGEST = 30_000;

export class Phone {
  static async open(executablePath) {
    const phone = new Phone();
    phone.port = await freePort();
    phone.chromium = await chromium.launch({
      executablePath,
      args: [
        `--remote-debugging-port=${phone.port}`,
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // Nothing leaves this machine, whatever a page asks for.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ],
    });
    return phone;
  }

  async close() {
    await this.chromium.close();
  }

  /** The same words as a page without any look. */
  async bare(url) {
    const context = await this.chromium.newContext();
    try {
      const page = await context.newPage();
      await page.goto(url, { timeout: LONGEST });
      return await page.evaluate(() => {
        for (const node of document.querySelectorAll('style, link, script')) node.remove();
        for (const node of document.querySelectorAll('[class]')) node.removeAttribute('class');
        return `<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${document.title}</title>${document.body.outerHTML}</html>`;
      });
    } finally {
      await context.close();
    }
  }

  /** One load in a browser that has never been here. */
  async load(url, line) {
    const context = await this.chromium.newContext(SCREEN);
    try {
      const page = await context.newPage();
      const wire = await context.newCDPSession(page);
      const requests = new Map();
      let bytes = 0;
      let last = Date.now();
      const open = new Set();
      wire.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
        requests.set(requestId, { url: request.url, type });
        open.add(requestId);
        last = Date.now();
      });
      const ended = ({ requestId, encodedDataLength = 0 }) => {
        bytes += encodedDataLength;
        open.delete(requestId);
        last = Date.now();
      };
      wire.on('Network.loadingFinished', ended);
      wire.on('Network.loadingFailed', ended);
      await wire.send('Network.enable');
      await wire.send('Network.clearBrowserCache');
      const { cpu, ...conditions } = line;
      await wire.send('Network.emulateNetworkConditions', { offline: false, ...conditions });
      await wire.send('Emulation.setCPUThrottlingRate', { rate: cpu });
      const answer = await page.goto(url, { waitUntil: 'load', timeout: LONGEST });
      if (answer.status() !== 200) throw new Error(`${url} answers ${answer.status()}`);
      const until = Date.now() + LONGEST;
      while ((open.size || Date.now() - last < QUIET) && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
      const seen = await page.evaluate(async () => {
        const entries = (type) =>
          new Promise((done) => {
            new PerformanceObserver((list) => done(list.getEntries())).observe({ type, buffered: true });
            setTimeout(() => done([]), 300);
          });
        const [paints, shifts] = await Promise.all([entries('largest-contentful-paint'), entries('layout-shift')]);
        return {
          lcp: paints.at(-1)?.startTime ?? NaN,
          cls: shifts.reduce((sum, shift) => sum + shift.value, 0),
          scripts: document.scripts.length,
          words: document.body.textContent.replace(/\s+/g, ' ').trim(),
        };
      });
      if (!Number.isFinite(seen.lcp)) throw new Error(`${url}: nothing was painted`);
      const all = [...requests.values()];
      const of = (type) => all.filter((request) => request.type === type).length;
      return {
        ...seen,
        bytes,
        requests: all.length,
        hosts: new Set(all.map((request) => new URL(request.url).host)).size,
        scripts: Math.max(seen.scripts, of('Script')),
        cookies: (await context.cookies()).length,
        fonts: of('Font'),
      };
    } finally {
      await context.close();
    }
  }
}

async function freePort() {
  const server = net.createServer();
  await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
