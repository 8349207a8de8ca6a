// A young person signs in, reads their plan, writes to their team, and leaves no trace.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AWAY, back, playAway, WAYS } from '../lib/browser.mjs';
import { browser, portal } from '../lib/demo.mjs';
import { AALIYAH, SAM, signIn } from '../lib/people.mjs';

const HEADINGS = [
  'Who supports me, and how often',
  'School, college and training',
  'Work and things to do',
  'If things go wrong',
  'A place to live',
  'Family, friends and people who matter',
  'Skills for living on my own',
  'Money',
  'My health, body and mind',
  'Who I am',
];
const PRIVATE = /flat viewing|Hello Sam|My own flat|Write to Priya/;

/** How often a text stands in the thread. */
const times = (page, text) => page.locator('.thread .body').filter({ hasText: text }).count();
const send = (page) => page.getByRole('button', { name: 'Send' });
const box = (page) => page.getByLabel('Write to Priya Nair');
const first = (page) => page.getByRole('heading', { level: 1 }).innerText();

for (const way of WAYS) {
  test(`a wrong passphrase is told in words and the username stays (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/sign-in');
    await visitor.look(`sign-in-${way.name}`);
    // Another name each time: the wait after a wrong try is not what is shown here.
    const typed = `wrong-name-${WAYS.indexOf(way) + 10}`;
    await page.getByLabel('Username').fill(typed);
    await page.getByLabel('Passphrase').fill('not the right words');
    await page.getByLabel(/This is my own phone/).check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    assert.match(await page.title(), /^Error: /);
    const summary = page.getByRole('alert');
    assert.match(await summary.innerText(), /There is a problem/);
    assert.equal(await page.getByLabel('Username').inputValue(), typed);
    assert.equal(await page.getByLabel('Passphrase').inputValue(), '');
    assert.equal(await page.getByLabel(/This is my own phone/).isChecked(), true);
    const says = await summary.getByRole('link').first().innerText();
    assert.ok((await page.locator('form .err').allInnerTexts()).some((text) => text.includes(says)), says);
    assert.equal(await page.getByLabel('Username').getAttribute('aria-invalid'), 'true');
    await visitor.look(`sign-in-wrong-${way.name}`);
    await visitor.close();
  });

  test(`home, the plan with its ten headings, and a message (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await signIn(page, SAM);
    assert.equal(await first(page), 'Hello Sam');
    assert.doesNotMatch(await page.title(), /care|leav|Sam/i, 'the tab tells nobody anything');
    await visitor.look(`me-${way.name}`);

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My plan' }).click();
    assert.deepEqual(await page.locator('main section h2').allInnerTexts(), HEADINGS);
    assert.match(await page.locator('main').innerText(), /What I want/);
    assert.match(await page.locator('main').innerText(), /Look at three flats/);
    await visitor.look(`me-plan-${way.name}`);

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Messages' }).click();
    await visitor.look(`me-messages-${way.name}`);
    const text = `Can we meet on Monday? ${way.name} & <b>"so"</b>\n\nsecond line`;
    await box(page).fill(text);
    await send(page).click();
    assert.match(await page.locator('.flash').innerText(), /^Saved\./);
    assert.equal(await times(page, `Can we meet on Monday? ${way.name} & <b>"so"</b>`), 1);
    assert.equal(await page.locator('.thread .mine').last().locator('.body').innerText(), text);
    assert.match(await page.locator('.thread .mine').last().innerText(), /Saved\. Not opened yet\./);
    assert.equal(await box(page).inputValue(), '');
    await visitor.look(`me-messages-sent-${way.name}`);
    await page.reload();
    assert.equal(await times(page, `Can we meet on Monday? ${way.name}`), 1, 'a refresh sends nothing again');
    assert.equal(await page.locator('.flash').count(), 0, 'and is not told twice that it was saved');

    await back(page);
    assert.ok((await times(page, `Can we meet on Monday? ${way.name}`)) <= 1, 'nor does Back');
    await page.goto('/me/messages');
    assert.equal(await times(page, `Can we meet on Monday? ${way.name}`), 1);
    visitor.clean();
    await visitor.close();
  });

  test(`a double tap on Send makes one message (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await signIn(page, SAM);
    await page.goto('/me/messages');
    // The first message is saved, but its answer never reaches the browser: the second tap falls
    // between the two. (Two taps within one turn of the browser's own loop are one form sent.)
    let posts = 0;
    const arrived = [];
    const sent = [0, 1].map((n) => new Promise((done) => (arrived[n] = done)));
    await page.route('**/me/messages', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      posts += 1;
      if (posts > 1) {
        arrived[1]();
        return route.continue();
      }
      const answer = await route.fetch({ maxRedirects: 0 });
      assert.equal(answer.status(), 303);
      arrived[0]();
      await sent[1];
      // The browser has given up on this one.
      return route.abort().catch(() => {});
    });
    const text = `tapped twice (${way.name})`;
    await box(page).fill(text);
    await send(page).scrollIntoViewIfNeeded();
    const at = await send(page).boundingBox();
    for (const arrival of sent) {
      if (way.size.width < 700) await page.touchscreen.tap(at.x + at.width / 2, at.y + at.height / 2);
      else await page.mouse.click(at.x + at.width / 2, at.y + at.height / 2);
      await arrival;
    }
    await page.locator('.flash').waitFor();
    assert.equal(posts, 2, 'both taps sent the form');
    assert.equal(await times(page, text), 1);
    await page.unrouteAll();
    visitor.faults = visitor.faults.filter((fault) => !fault.includes('net::ERR_FAILED'));
    visitor.clean();
    await visitor.close();
  });

  test(`what cannot be sent stays as it was typed (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await signIn(page, SAM);
    await page.goto('/me/messages');
    const before = await page.locator('.thread .msg').count();
    await send(page).click();
    assert.match(await page.title(), /^Error: /);
    assert.match(await page.getByRole('alert').innerText(), /Write your message/);
    await visitor.look(`me-messages-empty-${way.name}`);

    const text = `\n\n  </textarea><script>alert(1)</script>&lt;\t"'\n${'a long day. '.repeat(850)}\n`;
    await box(page).fill(text);
    const key = await page.locator('input[name=key]').inputValue();
    await send(page).click();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await box(page).inputValue(), text);
    assert.equal(await page.locator('input[name=key]').inputValue(), key, 'another try is the same act');
    assert.equal(await page.locator('main script').count(), 0);
    assert.equal(await page.locator('.thread .msg').count(), before, 'nothing was sent');
    assert.equal(await box(page).getAttribute('aria-invalid'), 'true');
    await visitor.look(`me-messages-too-long-${way.name}`);

    const short = `\n</textarea><script>alert(2)</script> ${way.name}`;
    await box(page).fill(short);
    await send(page).click();
    await page.locator('.flash').waitFor();
    assert.equal(await page.locator('.thread .mine').last().locator('.body').innerText(), short.trim());
    visitor.clean();
    await visitor.close();
  });

  test(`after signing out, Back shows nothing private (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await signIn(page, SAM);
    await page.goto('/me/plan');
    await page.goto('/me/messages');
    await page.getByRole('button', { name: 'Sign out' }).click();
    assert.equal(await first(page), 'You are signed out');
    await visitor.look(`signed-out-${way.name}`);
    assert.deepEqual(await visitor.context.cookies(), []);
    for (const _ of [1, 2, 3]) {
      await back(page);
      assert.doesNotMatch(await page.content(), PRIVATE, page.url());
    }
    await page.goto('/me/plan');
    assert.match(page.url(), /\/sign-in\?next=\/me\/plan$/);
    visitor.clean();
    await visitor.close();
  });

  test(`Exit this page leads away and ends the session (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    // From the first page after signing in: the one that a browser is most likely to keep.
    await signIn(page, SAM);
    const [cookie] = await visitor.context.cookies();
    const asked = await playAway(visitor);
    await page.getByRole('button', { name: 'Exit this page' }).click();
    await page.waitForURL(AWAY);
    assert.equal(await first(page), 'Weather');
    const pages = asked.filter(({ url }) => !url.endsWith('/favicon.ico')).map(({ method, url }) => `${method} ${url}`);
    assert.deepEqual(pages, [`GET ${AWAY}`]);
    assert.equal(Object.keys(asked[0].headers).some((name) => name.toLowerCase() === 'referer'), false, 'the other site is not told');
    assert.deepEqual(await visitor.context.cookies(portal.origin), []);
    await back(page);
    assert.doesNotMatch(await page.content(), PRIVATE, page.url());
    const old = await fetch(`${portal.origin}/me`, { headers: { cookie: `${cookie.name}=${cookie.value}` }, redirect: 'manual' });
    assert.equal(old.status, 303, 'the session is over on the server too');
    await visitor.close();
  });
}

test('a young person sees nobody else, and no page of staff', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, AALIYAH);
  await page.goto('/me/messages');
  assert.doesNotMatch(await page.content(), /flat viewing|Samuel|Can we meet on/);
  for (const path of ['/work', '/work/people/00000000000000000000000000000000/messages', '/edit', '/edit/drop-ins']) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 404, path);
  }
  visitor.clean();
  await visitor.close();
});
