// Every kind of page in every mode that people read in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, tooWide } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { ADVISER, EDITOR, SAM, signIn } from '../lib/people.mjs';

const MODES = {
  light: {},
  dark: { colorScheme: 'dark' },
  'forced-colors': { forcedColors: 'active', colorScheme: 'dark' },
  'more-contrast': { contrast: 'more' },
  'less-motion': { reducedMotion: 'reduce' },
};
const PLAIN = { colorScheme: 'light', forcedColors: 'none', contrast: 'no-preference', reducedMotion: 'no-preference' };

/** One page per kind, by who reads it. A step may be a form that is sent wrong. */
const send = (name) => async (page) => {
  await page.getByRole('button', { name }).click();
};
const KINDS = {
  anyone: [
    ['home', '/'],
    ['offer', '/offer'],
    ['topic', '/offer/accommodation'],
    ['rights', '/entitlements'],
    ['question', '/entitlements/check'],
    ['question-wrong', '/entitlements/check', send('Continue')],
    ['search', '/search?q=rent'],
    ['keep', '/keep?i=money,r.setting-up-home'],
    ['leaflet', '/leaflet'],
    ['drop-ins', '/drop-ins'],
    ['locality', '/drop-ins/north'],
    ['place', '/drop-ins/place/the-zone-burnley'],
    ['help', '/help'],
    ['glossary', '/glossary'],
    ['service', '/privacy'],
    ['feedback-wrong', '/feedback?about=help', send('Send')],
    ['feedback-now', '/feedback/thanks?now=1'],
    ['not-found', '/nowhere'],
    ['sign-in', '/sign-in'],
    ['sign-in-wrong', '/sign-in', send('Sign in')],
    ['join', '/join'],
    ['join-wrong', '/join', send('Join')],
    ['signed-out', '/sign-out'],
  ],
  [SAM]: [
    ['me', '/me'],
    ['messages', '/me/messages'],
    ['messages-wrong', '/me/messages', send('Send')],
    ['check-in', '/me/check-in'],
    ['plan', '/me/plan'],
  ],
  [ADVISER]: [
    ['work', '/work'],
    ['today-people', '/work/people'],
    ['person', null, async (page) => {
      await page.goto('/work/people');
      await page.getByRole('link', { name: /^Sam/ }).click();
    }],
    ['answer', null, async (page) => {
      await page.goto('/work');
      await page.getByRole('link', { name: /^Aaliyah/ }).click();
    }],
  ],
  [EDITOR]: [
    ['edit', '/edit'],
    ['edit-page', '/edit/page/money', send('Preview')],
    ['edit-page-wrong', '/edit/page/money', send('Publish')],
    ['edit-lines', '/edit/items/line'],
    ['edit-line', '/edit/items/line/samaritans'],
    ['edit-right', '/edit/items/entitlement/new', send('Publish')],
    ['edit-history', '/edit/history'],
    ['edit-drop-ins', '/edit/drop-ins'],
    ['edit-confirm', '/edit/drop-ins/confirm?session=demo-east', send('Confirm')],
    ['edit-change', '/edit/drop-ins/change?session=demo-east', send('Publish')],
    ['edit-old', '/edit/page/money/history/0'],
  ],
};

for (const [who, kinds] of Object.entries(KINDS)) {
  test(`light, dark, forced colours, more contrast, less motion, 320 px, right to left, print: ${who}`, async () => {
    const visitor = await browser.visitor({ size: PHONE });
    const { page } = visitor;
    const wrong = [];
    if (who !== 'anyone') await signIn(page, who);
    for (const [name, path, step] of kinds) {
      await page.emulateMedia(PLAIN);
      if (path) await page.goto(path);
      await step?.(page);
      for (const [mode, media] of Object.entries(MODES)) {
        await page.emulateMedia({ ...PLAIN, ...media });
        // Forced colours are the reader's own; axe would measure the page's, which nobody sees.
        const skip = mode === 'forced-colors' ? ['color-contrast'] : [];
        wrong.push(...(await visitor.axe(page, skip)).map((fault) => `${name}, ${mode}: ${fault}`));
        if (mode === 'forced-colors') {
          const kept = await page.evaluate(() =>
            [...document.querySelectorAll('body *')].filter((node) => getComputedStyle(node).forcedColorAdjust === 'none').length,
          );
          if (kept) wrong.push(`${name}: ${kept} things keep colours of their own`);
        }
        if (mode === 'less-motion') {
          const moving = await page.evaluate(() =>
            [...document.querySelectorAll('*')].filter((node) => {
              const style = getComputedStyle(node);
              return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0;
            }).length,
          );
          if (moving) wrong.push(`${name}: ${moving} things move`);
        } else {
          await visitor.shoot(`mode-${mode}-${name}`);
        }
      }
      await page.emulateMedia(PLAIN);
      await page.setViewportSize({ width: 320, height: 740 });
      wrong.push(...(await visitor.axe()).map((fault) => `${name}, 320: ${fault}`));
      wrong.push(...(await tooWide(page)).map((fault) => `${name}, 320: ${fault}`));
      await page.evaluate(() => (document.documentElement.dir = 'rtl'));
      wrong.push(...(await visitor.axe()).map((fault) => `${name}, right to left: ${fault}`));
      wrong.push(...(await tooWide(page)).map((fault) => `${name}, right to left: ${fault}`));
      await visitor.shoot(`mode-rtl-${name}`);
      await page.setViewportSize(PHONE);
      await page.evaluate(() => (document.documentElement.dir = 'ltr'));
    }
    assert.deepEqual(wrong, []);
    visitor.clean(who);
    await visitor.close();
  });
}

test('paper keeps the help numbers and loses what cannot be pressed', async () => {
  const visitor = await browser.visitor();
  await visitor.page.goto('/drop-ins/north');
  await visitor.page.emulateMedia({ media: 'print' });
  assert.ok(await visitor.page.locator('.help .num').first().isVisible());
  assert.equal(await visitor.page.getByRole('navigation', { name: 'Main' }).isVisible(), false);
  await visitor.shoot('mode-print-locality');
  await visitor.close();
});
