// Anyone can read the offer, find a drop-in and a help line, with no script and no cookie.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAYS } from '../lib/browser.mjs';
import { browser, portal } from '../lib/demo.mjs';

for (const way of WAYS) {
  test(`anyone reads the offer and its sources, and finds the way back (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/');
    await page.locator('main').getByRole('link', { name: /^Money/ }).click();
    await page.waitForURL('**/offer/money');
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Money');
    const mark = page.locator('main .src a').first();
    const target = await mark.getAttribute('href');
    await mark.click();
    const source = page.locator(target);
    assert.ok(await source.isVisible(), 'the source stands on the page');
    assert.ok((await source.innerText()).trim().length > 10, 'the source has words');
    await page.locator('.back a').click();
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Our offer');
    await page.locator('header .name').click();
    assert.equal(new URL(page.url()).pathname, '/');
    assert.deepEqual(visitor.scripts, []);
    visitor.clean();
    await visitor.close();
  });

  test(`anyone goes from all drop-ins to an area and a place, and back (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Drop-ins' }).click();
    await page.waitForURL('**/drop-ins');
    for (const area of ['north', 'central', 'east']) {
      assert.equal(await page.locator(`main a[href="/drop-ins/${area}"]`).count() > 0, true, area);
    }
    await page.locator('main a[href="/drop-ins/north"]').first().click();
    await page.waitForURL('**/drop-ins/north');
    const place = page.locator('main a[href^="/drop-ins/place/"]').first();
    const href = await place.getAttribute('href');
    await place.click();
    await page.waitForURL(`**${href}`);
    assert.ok((await page.locator('main').innerText()).includes('Care leavers aged 17 to 24'));
    await page.locator('.back a').click();
    await page.waitForURL('**/drop-ins/north');
    visitor.clean();
    await visitor.close();
  });

  test(`the next session in my town is three taps away (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Drop-ins' }).click();
    await visitor.look(`drop-ins-${way.name}`);
    await page.getByRole('link', { name: 'Padiham', exact: true }).click();
    await page.waitForURL('**/drop-ins/east#burnley');
    const district = page.locator('section.district', { has: page.getByRole('heading', { level: 2, name: 'Burnley' }) });
    assert.match(await district.innerText(), /Padiham/);
    const place = district.locator('article', { has: page.getByRole('heading', { name: 'The Zone, Burnley' }) });
    const [next] = await (await fetch(`${portal.origin}/drop-ins.json?place=the-zone-burnley`)).json();
    const day = new Date(next.start).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'Europe/London' });
    const first = await place.locator('.times li').first().innerText();
    assert.ok(first.startsWith(day.replace(',', '')), `${first} is not on ${day}`);
    const words = await place.innerText();
    assert.ok(words.indexOf('Who it is for') < words.indexOf(first), 'who it is for stands first');
    assert.deepEqual(visitor.scripts, []);
    visitor.clean();
    await visitor.close();
  });

  test(`help is one tap away, and an unknown address helps on (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    const answer = await page.goto('/no/such/page');
    assert.equal(answer.status(), 404);
    assert.match(await page.title(), /not found/i);
    await visitor.look(`404-${way.name}`);
    await page.getByRole('complementary').getByRole('link', { name: 'All help lines' }).click();
    await page.waitForURL('**/help');
    assert.ok((await page.locator('main a[href="tel:999"]').count()) > 0);
    assert.ok((await page.locator('main a[href="tel:116123"]').count()) > 0);
    visitor.clean();
    await visitor.close();
  });
}

for (const way of WAYS) {
  test(`a number for a bed tonight is two taps from any page (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/offer/health');
    await page.getByRole('complementary').getByRole('link', { name: 'All help lines' }).click();
    await page.locator('main').getByRole('link', { name: 'Preston', exact: true }).click();
    await page.waitForURL('**/help#preston');
    const number = page.locator('#preston ~ article a[href^="tel:"]').first();
    assert.equal(await number.getAttribute('href'), 'tel:01772906412');
    assert.ok(await number.isVisible());
    visitor.clean();
    await visitor.close();
  });
}

for (const way of WAYS) {
  test(`anyone says that a page is wrong, without a name, and is told what comes next (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/offer/money');
    const link = page.getByRole('link', { name: 'Is this page right? Is something missing? Tell us' });
    await link.click();
    await page.waitForURL('**/feedback?about=page.money');
    await visitor.look(`feedback-${way.name}`);
    assert.match(await page.locator('main').innerText(), /You are telling us about: Money/);
    const help = page.locator('main .note', { hasText: 'Need help now?' });
    const button = page.getByRole('button', { name: 'Send' });
    assert.ok((await help.boundingBox()).y < (await button.boundingBox()).y, 'help stands above the button');

    // Nothing written: the fault stands beside the box, and what was typed stays.
    await page.getByLabel('How can we reach you').fill('ask for Jo on 0700 900 900');
    await button.click();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel('How can we reach you').inputValue(), 'ask for Jo on 0700 900 900');
    await visitor.look(`feedback-wrong-${way.name}`);
    await page.getByLabel('What is wrong, or missing?').fill('The bus pass is missing.');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForURL('**/feedback/thanks');
    assert.match(await page.locator('main').innerText(), /We cannot promise a day/);
    await visitor.look(`feedback-thanks-${way.name}`);

    // Words of danger: numbers first, on the same way.
    await page.goto('/feedback?about=page.homelessness');
    await page.getByLabel('What is wrong, or missing?').fill('i have nowhere to sleep tonight');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForURL('**/feedback/thanks?now=1');
    const first = page.locator('main a').first();
    assert.match(await first.getAttribute('href'), /^tel:/);
    assert.ok((await first.boundingBox()).y < (await page.getByRole('heading', { level: 1 }).boundingBox()).y);
    await visitor.look(`feedback-now-${way.name}`);
    assert.deepEqual(await visitor.context.cookies(), []);
    assert.deepEqual(visitor.scripts, []);
    visitor.clean();
    await visitor.close();
  });
}
