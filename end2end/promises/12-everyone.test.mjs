// What axe has no rule for, on every public page: text set wide, a page four times as large, help in one place,
// touch targets; and what the pages about this site say of its cookies.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { tooWide } from '../lib/browser.mjs';
import { browser, portal } from '../lib/demo.mjs';
import { SAM, signIn } from '../lib/people.mjs';

let paths;

before(async () => {
  const map = await (await fetch(`${portal.origin}/sitemap.xml`)).text();
  paths = [...map.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => new URL(url).pathname);
  paths.push('/entitlements/check', '/search?q=rent', '/keep?i=money,r.setting-up-home', '/feedback?about=help', '/sign-in', '/join');
});

/** What a box holds back of its own words. */
const cut = (page) =>
  page.evaluate(() =>
    // What is there for screen readers only is one pixel by intent.
    [...document.querySelectorAll('body *:not(.vh, .skip)')]
      .filter((node) => {
        const style = getComputedStyle(node);
        const hides = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
        const far = node.scrollWidth > node.clientWidth + 2 || node.scrollHeight > node.clientHeight + 2;
        return hides && far && node.clientWidth > 2 && node.innerText?.trim();
      })
      .map((node) => `${node.tagName.toLowerCase()}.${node.className} is cut`),
  );

// WCAG 1.4.12: line height 1.5, letters 0.12 em, words 0.16 em, paragraphs 2 em apart.
const SPACING = '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}';

test('text set wide is not cut, and a page four times as large is read in one direction', async () => {
  const visitor = await browser.visitor({ script: true });
  const { page } = visitor;
  const wrong = [];
  for (const path of paths) {
    // 1280 × 1024 at 400 % is 320 × 256.
    await page.setViewportSize({ width: 320, height: 256 });
    await page.goto(path);
    wrong.push(...(await tooWide(page)).map((fault) => `${path}, 400 %: ${fault}`));
    await page.setViewportSize({ width: 360, height: 740 });
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, SPACING);
    wrong.push(...(await tooWide(page)).map((fault) => `${path}, spaced: ${fault}`));
    wrong.push(...(await cut(page)).map((fault) => `${path}, spaced: ${fault}`));
  }
  assert.deepEqual(wrong, []);
  await visitor.close();
});

test('help stands in the same place on every page, with both numbers to be seen', async () => {
  const visitor = await browser.visitor({ script: false });
  const { page } = visitor;
  await page.goto('/');
  const place = async () => ({
    before: await page.locator('.help').evaluate((node) => node.previousElementSibling?.className ?? ''),
    links: await page.locator('.help a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
  });
  const first = await place();
  assert.equal(first.links.filter((href) => href.startsWith('tel:')).length, 2);
  for (const path of [...paths, '/nowhere']) {
    await page.goto(path);
    assert.deepEqual(await place(), first, path);
    for (const link of await page.locator('.help a').all()) assert.ok(await link.isVisible(), path);
  }
  await visitor.close();
});

// WCAG 2.5.8: 24 px, or in a line of words.
test('everything that is pressed is large enough for a thumb, or stands in a line of words', async () => {
  const visitor = await browser.visitor({ script: false });
  const { page } = visitor;
  const wrong = [];
  for (const path of paths) {
    await page.goto(path);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter((node) => {
          const box = node.getBoundingClientRect();
          if (box.width < 2 || !node.checkVisibility({ visibilityProperty: true }) || node.closest('.vh') || node.matches('.vh, .skip')) return false;
          if (box.height >= 24 && box.width >= 24) return false;
          if (getComputedStyle(node).display === 'inline' || node.matches('.term')) return false;
          return !node.closest('label.choice');
        })
        .map((node) => `${node.tagName.toLowerCase()}.${node.className} “${node.innerText?.trim().slice(0, 30)}”`),
    );
    wrong.push(...small.map((fault) => `${path}: ${fault}`));
  }
  assert.deepEqual(wrong, []);
  await visitor.close();
});

test('the cookies are those of the cookies page: none for readers, one for who signs in, gone at sign-out', async () => {
  const visitor = await browser.visitor({ script: true });
  const { page } = visitor;
  await page.goto('/cookies');
  const says = await page.locator('main').innerText();
  assert.match(says, /We set one cookie/);
  assert.deepEqual(await visitor.context.cookies(), []);
  await signIn(page, SAM);
  const cookies = await visitor.context.cookies();
  assert.equal(cookies.length, 1);
  const [cookie] = cookies;
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.expires], [true, 'Lax', -1]);
  assert.ok(!/sam|amber|otter/i.test(cookie.value) && cookie.value.length >= 32);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
  await page.getByRole('button', { name: 'Sign out' }).click();
  assert.deepEqual(await visitor.context.cookies(), []);
  // On somebody's own phone a second one stays, and signs nobody in.
  assert.match(says, /second cookie[^]*90 days/);
  await signIn(page, SAM, { own: true });
  const own = Object.fromEntries((await visitor.context.cookies()).map((one) => [one.name, one]));
  assert.deepEqual(Object.keys(own).sort(), ['__Host-device', '__Host-sess']);
  const days = (one) => Math.round((one.expires - Date.now() / 1000) / 86_400);
  assert.deepEqual([days(own['__Host-sess']), days(own['__Host-device'])], [30, 90]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  assert.deepEqual((await visitor.context.cookies()).map((one) => one.name), ['__Host-device']);
  await page.goto('/me');
  assert.match(page.url(), /sign-in/);
  await visitor.close();
});
