// An empty live database: an editor joins with a code and fills the timetable through pages only,
// on a phone, with and without JavaScript. Readers and programs follow at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, PHONE } from '../lib/browser.mjs';
import { Portal } from '../lib/portal.mjs';
import { setUpGenerator } from '../lib/totp.mjs';
import { compare } from '../lib/read-feeds.mjs';

let portal;
let browser;
let codes;

before(async () => {
  portal = await Portal.live(async (run) => {
    await run('key', 'new');
    const add = async (name) => {
      const said = await run('staff', 'add', '--name', name, '--email', `${name.split(' ')[0].toLowerCase()}@council.invalid`, '--role', 'editor');
      return said.match(/[A-Z0-9]{4}-[A-Z0-9]{4}/)[0];
    };
    codes = [await add('Rosa Field'), await add('Ivan Moss')];
  });
  browser = await Browser.open(portal);
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

const read = async (path) => (await fetch(portal.origin + path, { cache: 'no-store' })).text();

async function join(visitor, code) {
  const { page } = visitor;
  await page.goto('/join');
  const passphrase = (await page.locator('.note strong').innerText()).trim();
  await page.getByLabel('Your code').fill(code);
  await page.getByLabel('Your passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Join' }).click();
  await setUpGenerator(visitor);
  assert.equal(new URL(page.url()).pathname, '/edit');
}

/** Today in London, and the name of its day. */
function today() {
  const now = new Date();
  const zone = { timeZone: 'Europe/London' };
  return {
    iso: now.toLocaleDateString('en-CA', zone),
    day: now.toLocaleDateString('en-GB', { weekday: 'long', ...zone }),
  };
}

for (const [n, script] of [true, false].entries()) {
  const way = script ? 'phone' : 'phone-no-script';
  const name = script ? 'Fern Hall, Chorley' : 'Moss House, Chorley';
  const slug = script ? 'fern-hall-chorley' : 'moss-house-chorley';

  test(`a place and a session are added and today is closed, through pages only (${way})`, async () => {
    const visitor = await browser.visitor({ size: PHONE, script });
    const { page } = visitor;
    await join(visitor, codes[n]);
    await page.locator('main').getByRole('link', { name: /^Places and sessions/ }).click();
    await visitor.look(`places-${way}`);

    // The first form sent empty says what is missing.
    await page.getByRole('link', { name: 'Add a place in Chorley' }).click();
    await page.getByRole('button', { name: 'Publish' }).click();
    assert.match(await page.title(), /^Error: /);
    await visitor.look(`place-wrong-${way}`);
    await page.getByLabel('Name of the place').fill(name);
    await page.getByLabel('Yes, it is in use').check();
    await page.getByLabel('Who is it for?').fill('Care leavers aged 16 to 25');
    await page.getByLabel('Youngest age').fill('16');
    await page.getByLabel('Oldest age').fill('25');
    await page.getByLabel('Getting there by bus').fill('Buses stop at the door');
    await page.getByLabel('Closed on bank holidays').check();
    await page.getByLabel('What did you do, and why?').fill('Opened by the team');
    await page.getByRole('button', { name: 'Preview' }).click();
    assert.match(await page.getByRole('region', { name: 'Preview' }).innerText(), /Buses stop at the door/);
    assert.equal((await fetch(`${portal.origin}/drop-ins/place/${slug}`)).status, 404, 'a preview is not published');
    await visitor.look(`place-preview-${way}`);
    await page.getByRole('button', { name: 'Publish' }).click();
    assert.match(await page.locator('.flash').innerText(), /^Published/);

    // The whole of today, so that the test holds at any hour.
    const { iso, day } = today();
    await page.getByRole('link', { name: `Add a session at ${name}` }).click();
    assert.equal(await page.getByLabel('Place', { exact: true }).inputValue(), slug);
    await page.getByLabel('Name of the session').fill('Drop-in');
    await page.getByLabel('Drop-in', { exact: true }).check();
    await page.getByLabel('Every week').check();
    await page.getByLabel(day, { exact: true }).check();
    await page.getByLabel('From', { exact: true }).fill('midnight');
    await page.getByLabel('To', { exact: true }).first().fill('23:59');
    await page.getByLabel('First day').fill(iso);
    await page.getByLabel('Just come').check();
    await page.getByLabel('What did you do, and why?').fill('Starts today');
    await page.getByRole('button', { name: 'Preview' }).click();
    assert.match(await page.getByRole('region', { name: 'Preview' }).innerText(), /11\.59pm/);
    await visitor.look(`session-preview-${way}`);
    await page.getByRole('button', { name: 'Publish' }).click();
    assert.match(await page.locator('.flash').innerText(), /^Published/);
    await visitor.look(`places-filled-${way}`);
    assert.match(await read(`/drop-ins/place/${slug}`), /11\.59pm/);

    // Closed for today: on the page, in the list and in the feed.
    await page.goto('/edit/drop-ins');
    const card = page.locator('.place').filter({ hasText: name });
    await card.getByRole('link', { name: /^Change/ }).first().click();
    await page.getByLabel('Closed', { exact: true }).check();
    await page.getByLabel('Why?').fill('The heating is broken');
    await page.getByRole('button', { name: 'Publish' }).click();
    assert.match(await page.locator('.flash').innerText(), /closed/);
    assert.match(await read(`/drop-ins/place/${slug}`), /The heating is broken/);
    const list = JSON.parse(await read(`/drop-ins.json?place=${slug}`));
    assert.deepEqual([list[0].start.slice(0, 10), list[0].status, list[0].reason], [iso, 'closed', 'The heating is broken']);
    const feed = await read(`/drop-ins/place/${slug}.ics`);
    const all = JSON.parse(await read(`/drop-ins.json?place=${slug}&from=${iso}&to=${Number(iso.slice(0, 4)) + 1}${iso.slice(4)}`));
    assert.ok(all.length >= 52, `${all.length} dates`);
    const wrong = compare(feed, all).filter((line) => !line.endsWith('in the feed only'));
    assert.deepEqual(wrong, []);

    // Who did what stands with the place.
    await page.goto(`/edit/places/${slug}`);
    await page.getByLabel('What does it cost?').fill('Free');
    await page.getByLabel('What did you do, and why?').fill('People asked');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('link', { name, exact: true }).click();
    assert.match(await page.locator('.editions').innerText(), /Cost: empty became “Free”/);
    await visitor.look(`place-history-${way}`);

    // Somebody who looks for it finds it by the town.
    const anyone = await browser.visitor({ size: PHONE, script });
    await anyone.page.goto('/');
    await anyone.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Drop-ins' }).click();
    await anyone.page.locator('.towns').getByRole('link', { name: 'Chorley', exact: true }).click();
    assert.match(await anyone.page.locator('#chorley').locator('..').innerText(), new RegExp(name));
    await anyone.look(`town-${way}`);
    anyone.clean();
    await anyone.close();
    visitor.clean();
    await visitor.close();
  });
}
