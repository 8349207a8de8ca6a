// Everything can be done from a keyboard, and the place is always to be seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, PHONE } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { ADVISER, EDITOR, PASSPHRASE, SAM, signIn } from '../lib/people.mjs';

/** What has the focus, and what is wrong with how it shows. */
const focused = (page) =>
  page.evaluate(() => {
    const node = document.activeElement;
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    const faults = [];
    if (node !== document.body) {
      const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      if (!line) faults.push('no outline');
      if (box.width < 2 || box.height < 2) faults.push('not to be seen');
      if (box.bottom <= 0 || box.top >= innerHeight) faults.push('outside the window');
      else {
        // Something may lie over it, such as a bar that sticks to the top.
        const [x, y] = [(Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2];
        const over = document.elementFromPoint(x, y);
        if (over && !node.contains(over) && !over.contains(node) && ![...(node.labels ?? [])].some((label) => label.contains(over))) {
          faults.push(`hidden behind ${over.tagName}.${over.className}`);
        }
      }
    }
    return {
      name: `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ''} ${(node.innerText || node.getAttribute('aria-label') || node.name || '').trim().slice(0, 40)}`,
      tag: node.tagName.toLowerCase(),
      text: (node.innerText ?? '').trim(),
      id: node.id,
      faults,
    };
  });

/** Presses Tab until `wanted` has the focus. Everything on the way must be seen. */
async function tabTo(page, wanted, most = 60) {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    assert.deepEqual(now.faults, [], `${page.url()}: ${now.name}`);
    if (wanted(now)) return now;
  }
  assert.fail(`${page.url()}: never reached ${wanted}`);
}

for (const script of [true, false]) {
  test(`signing in and sending a message by keyboard alone (${script ? 'with' : 'without'} script)`, async () => {
    const visitor = await browser.visitor({ size: DESK, script });
    const { page } = visitor;
    await page.goto('/');
    await page.keyboard.press('Tab');
    assert.equal((await focused(page)).text, 'Skip to content', 'the first stop is the way past the menu');
    await visitor.page.screenshot({ path: new URL('../shots/skip-link.png', import.meta.url).pathname });
    await page.keyboard.press('Enter');
    const past = await tabTo(page, () => true);
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), past.name);

    await page.goto('/');
    await tabTo(page, (at) => at.text === 'Sign in');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sign-in');

    // A slip first: the summary is there to be read and leads to the box.
    await tabTo(page, (at) => at.id === 'username');
    await page.keyboard.type(SAM);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.title.startsWith('Error: '));
    await tabTo(page, (at) => at.text === 'Enter your passphrase');
    await page.keyboard.press('Enter');
    assert.equal((await focused(page)).id, 'passphrase', 'the summary leads into the box');
    await page.keyboard.type(PASSPHRASE);
    await tabTo(page, (at) => at.tag === 'input');
    await page.keyboard.press('Space');
    assert.equal(await page.getByLabel(/This is my own phone/).isChecked(), true);
    await tabTo(page, (at) => at.tag === 'button' && at.text === 'Sign in');
    await page.keyboard.press('Space');
    await page.waitForURL('**/me');

    await tabTo(page, (at) => at.text === 'Messages');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/me/messages');
    await tabTo(page, (at) => at.id === 'body');
    await page.keyboard.type('from the keyboard');
    await page.keyboard.press('Tab');
    assert.equal((await focused(page)).text, 'Send');
    await page.keyboard.press('Enter');
    await page.locator('.flash').waitFor();
    assert.match(await page.locator('.thread .mine').last().innerText(), /from the keyboard/);
    visitor.clean();
    await visitor.close();
  });
}

test('every stop on every kind of page is to be seen, and Tab is never caught', async () => {
  const walk = async (visitor, paths) => {
    for (const path of paths) {
      await visitor.page.goto(path);
      const seen = [];
      for (let n = 0; n < 250; n += 1) {
        await visitor.page.keyboard.press('Tab');
        const now = await focused(visitor.page);
        if (now.tag === 'body') break;
        assert.deepEqual(now.faults, [], `${path}: ${now.name}`);
        seen.push(now.name);
      }
      assert.ok(seen.length > 5 && seen.length < 250, `${path}: ${seen.length} stops`);
      assert.match(seen[0], /Skip to content/, path);
    }
  };
  const anyone = await browser.visitor({ size: PHONE });
  await walk(anyone, ['/', '/offer/accommodation', '/drop-ins', '/drop-ins/place/white-cross-lancaster', '/help', '/entitlements/check', '/search?q=rent', '/keep', '/join', '/nowhere']);
  const sam = await browser.visitor({ size: PHONE });
  await signIn(sam.page, SAM);
  await walk(sam, ['/me', '/me/messages', '/me/plan']);
  const priya = await browser.visitor({ size: DESK });
  await signIn(priya.page, ADVISER);
  await walk(priya, ['/work']);
  const chris = await browser.visitor({ size: DESK });
  await signIn(chris.page, EDITOR);
  await walk(chris, ['/edit', '/edit/page/money', '/edit/items/line/samaritans', '/edit/drop-ins', '/edit/drop-ins/confirm?session=demo-east']);
  for (const visitor of [anyone, sam, priya, chris]) await visitor.close();
});

test('after an error the place is the summary', async () => {
  const visitor = await browser.visitor({ script: false });
  await visitor.page.goto('/sign-in');
  await visitor.page.getByRole('button', { name: 'Sign in' }).click();
  // The browser goes there once it has drawn the page.
  await visitor.page.locator('.errors:focus').waitFor();
  await visitor.close();
});
