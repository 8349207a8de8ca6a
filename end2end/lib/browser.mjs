// The browser, and what every page in it must keep to, whatever else is being shown.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const shots = fileURLToPath(new URL('../shots/', import.meta.url));
mkdirSync(shots, { recursive: true });
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 900 };

/** With and without JavaScript on a phone, and once on a desk. */
export const WAYS = [
  { name: 'phone', size: PHONE, script: true },
  { name: 'phone-no-script', size: PHONE, script: false },
  { name: 'desk', size: DESK, script: true },
];

function find() {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser'], { encoding: 'utf8' }).trim();
  } catch {
    throw new Error('There is no chromium in PATH: install it (on Debian: apt-get install chromium).');
  }
}

export class Browser {
  static async open(portal) {
    const browser = new Browser();
    browser.portal = portal;
    const args = [
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // Nothing leaves this machine, whatever a page asks for.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ];
    if (process.getuid?.() === 0) args.push('--no-sandbox');
    browser.chromium = await chromium.launch({
      executablePath: find(),
      args,
      // Back is tested as people meet it, with the cache of whole pages.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    return browser;
  }

  async close() {
    await this.chromium?.close();
  }

  /** Somebody with a browser of their own. */
  async visitor({ size = PHONE, script = true, ...more } = {}) {
    const visitor = new Visitor(this, { size, script });
    visitor.context = await this.chromium.newContext({
      baseURL: this.portal.origin,
      viewport: size,
      javaScriptEnabled: script,
      hasTouch: size.width < 700,
      isMobile: size.width < 700,
      locale: 'en-GB',
      timezoneId: 'Europe/London',
      ...more,
    });
    visitor.context.setDefaultTimeout(20_000);
    visitor.context.on('page', (page) => visitor.watch(page));
    await visitor.tab();
    return visitor;
  }
}

export class Visitor {
  /** What a page did that no page may do. */
  faults = [];
  scripts = [];

  constructor(browser, { size, script }) {
    Object.assign(this, { browser, size, script });
  }

  async tab() {
    this.page = await this.context.newPage();
    return this.page;
  }

  watch(page) {
    const { origin } = this.browser.portal;
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol.startsWith('http') && !this.leaving) {
        this.faults.push(`asked another host: ${url.href}`);
      }
      if (request.resourceType() === 'script') this.scripts.push(url.pathname);
    });
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      // The browser tells of every answer of 400 and above; those of pages that are asked for are no fault.
      const asked = message.location().url === page.url() || message.location().url.endsWith('/favicon.ico');
      if (/^Failed to load resource: the server responded with a status of 4/.test(message.text()) && asked) return;
      if (this.leaving) return;
      this.faults.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.faults.push(`script failed: ${error}`));
    page.on('dialog', async (dialog) => {
      this.faults.push(`a dialog opened: ${dialog.message()}`);
      await dialog.dismiss();
    });
  }

  /** Every page that is shown passes here: rules of access, nothing cut off, a picture. */
  async look(name, { page = this.page, also = [] } = {}) {
    const faults = [];
    faults.push(...(await this.axe(page)).map((fault) => `axe: ${fault}`));
    for (const width of [this.size.width, ...(this.size.width < 700 ? [320] : []), ...also]) {
      await page.setViewportSize({ width, height: this.size.height });
      faults.push(...(await tooWide(page)).map((fault) => `at ${width}: ${fault}`));
    }
    await page.setViewportSize(this.size);
    await this.shoot(name, page);
    assert.deepEqual(faults, [], `${name} (${page.url()})`);
    this.clean(name);
  }

  async shoot(name, page = this.page) {
    await page.screenshot({ path: `${shots}${name}.png`, fullPage: true });
  }

  /** Nothing that no page may do was done so far. */
  clean(name) {
    assert.deepEqual(this.faults, [], name);
  }

  async axe(page = this.page, skip = []) {
    // After a click that leads on, the next page may have come in half.
    await page.waitForLoadState();
    if (this.script) return violations(page, skip);
    // Axe needs script: where there is none, the same document is looked at in a second browser
    // that reads none of the page's own.
    const html = await page.content();
    const second = await this.browser.chromium.newContext({ viewport: this.size });
    try {
      const copy = await second.newPage();
      await copy.route('**/*', (route) => {
        const kind = route.request().resourceType();
        if (kind === 'document') return route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' });
        return kind === 'stylesheet' ? route.continue() : route.abort();
      });
      await copy.goto(page.url());
      return await violations(copy, skip);
    } finally {
      await second.close();
    }
  }

  async close() {
    await this.context.close();
  }
}

/** Where a page breaks WCAG 2.2 AA or axe's good practice. */
async function violations(page, skip) {
  await page.evaluate(axe);
  return page.evaluate(async (skip) => {
    // Colours on their way from one to another are nobody's choice.
    await Promise.allSettled(document.getAnimations().map((change) => change.finished));
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    const found = await window.axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
      rules: Object.fromEntries(skip.map((rule) => [rule, { enabled: false }])),
    });
    const told = (node) => `${node.html.slice(0, 120)} ${node.any.concat(node.all, node.none).map((check) => check.message)[0] ?? ''}`;
    return found.violations.map(({ id, nodes }) => `${id} ×${nodes.length}: ${nodes.slice(0, 2).map(told).join(' | ')}`);
  }, skip);
}

/** What stands out of the window sideways. A table or a box that scrolls by itself may. */
export function tooWide(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const faults = [];
    if (document.scrollingElement.scrollWidth > wide) {
      faults.push(`the page scrolls sideways: ${document.scrollingElement.scrollWidth} > ${wide}`);
    }
    const scrolls = (node) => {
      for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
        if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return true;
      }
      return false;
    };
    for (const node of document.body.querySelectorAll('*')) {
      const box = node.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || !node.checkVisibility?.({ visibilityProperty: true })) continue;
      if ((box.right > wide + 1 || box.left < -1) && !scrolls(node)) {
        faults.push(`${node.tagName.toLowerCase()}.${node.className} stands out: ${Math.round(box.left)} to ${Math.round(box.right)}`);
      }
    }
    return faults.slice(0, 5);
  });
}

/** Where Exit leads. */
export const AWAY = 'https://www.bbc.co.uk/weather';

/** Plays the other site, so that no request leaves this machine; gives what it was asked. */
export async function playAway(visitor, page = visitor.page) {
  visitor.leaving = true;
  const cdp = await visitor.context.newCDPSession(page);
  const asked = [];
  cdp.on('Fetch.requestPaused', ({ requestId, request }) => {
    asked.push(request);
    void cdp.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: [{ name: 'content-type', value: 'text/html' }],
      body: Buffer.from('<title>Weather</title><h1>Weather</h1>').toString('base64'),
    });
  });
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: 'https://*' }] });
  return asked;
}

/** One step back, as far as it goes. A page that the browser kept whole is not loaded again, so there is nothing to wait for. */
export async function back(page) {
  await page.goBack({ waitUntil: 'commit', timeout: 3_000 }).catch(() => {});
  await page.waitForTimeout(400);
}
