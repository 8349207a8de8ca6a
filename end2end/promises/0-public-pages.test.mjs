// Every public page of the sitemap: sound, light, without script or cookie, and no link that leads nowhere.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DESK, PHONE } from '../lib/browser.mjs';
import { browser, portal } from '../lib/demo.mjs';

let paths;

before(async () => {
  const map = await (await fetch(`${portal.origin}/sitemap.xml`)).text();
  paths = [...map.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => new URL(url).pathname);
});

test('every public page is sound on a phone and on a desk, runs no script and sets no cookie', async () => {
  assert.ok(paths.length > 30, `${paths.length} pages`);
  for (const size of [PHONE, DESK]) {
    const visitor = await browser.visitor({ size });
    const { page } = visitor;
    for (const path of paths) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), 200, path);
      const made = await page.evaluate(() => ({
        scripts: document.scripts.length,
        handlers: [...document.querySelectorAll('*')].filter((node) =>
          node.getAttributeNames().some((name) => name.startsWith('on') || name === 'style'),
        ).length,
        headings: document.querySelectorAll('h1').length,
      }));
      assert.deepEqual(made, { scripts: 0, handlers: 0, headings: 1 }, path);
      // Places are one kind of page, and so is the offer: each is checked on a phone, one of a kind on a desk.
      const kind = path.replace(/^(\/offer\/|\/drop-ins\/place\/).*/, '$1');
      const first = paths.find((other) => other.startsWith(kind));
      if (size === PHONE || path === kind || path === first) {
        await visitor.look(`public${path.replaceAll('/', '-')}-${size.width}`);
      }
    }
    assert.deepEqual(await visitor.context.cookies(), []);
    assert.deepEqual(visitor.scripts, []);
    await visitor.close();
  }
});

// Lists of everything, for those who want them: two round trips.
const LONG = ['/entitlements', '/glossary', '/leaflet'];

test('the first answer of every public page fits in one network round trip', async () => {
  const large = [];
  for (const path of paths) {
    const answer = await portal.first(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.head, /content-encoding: br/, path);
    assert.doesNotMatch(answer.head, /set-cookie/, path);
    if (answer.bytes > (LONG.includes(path) ? 30_000 : 14_000)) large.push(`${path}: ${answer.bytes} bytes`);
  }
  assert.deepEqual(large, []);
});

test('no link of a public page leads nowhere', async () => {
  const visitor = await browser.visitor({ script: false });
  const seen = new Map();
  const wrong = [];
  for (const path of paths) {
    await visitor.page.goto(path);
    const links = await visitor.page.evaluate(() =>
      // A source stands as it was found; some of those have no https address.
      [...document.querySelectorAll('a[href], link[href]')]
        .filter((link) => !link.closest('.sources'))
        .map((link) => link.getAttribute('href')),
    );
    const ids = await visitor.page.evaluate(() => [...document.querySelectorAll('[id]')].map((node) => node.id));
    for (const link of new Set(links)) {
      if (link.startsWith('#')) {
        if (!ids.includes(link.slice(1))) wrong.push(`${path}: no ${link}`);
      } else if (link.startsWith('/')) {
        if (!seen.has(link)) seen.set(link, (await fetch(portal.origin + link, { redirect: 'manual' })).status);
        if (seen.get(link) !== 200) wrong.push(`${path}: ${link} answers ${seen.get(link)}`);
      } else if (!/^(tel:|sms:|mailto:|https:\/\/)/.test(link)) {
        wrong.push(`${path}: ${link}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  await visitor.close();
});
