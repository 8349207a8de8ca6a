// The leaflets: two sides of A4 with nothing cut, however much there is to say; a code that a phone
// reads; and a page that can be read on a phone.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import jsQR from 'jsqr';
import { Browser, DESK, PHONE } from '../lib/browser.mjs';
import { Portal } from '../lib/portal.mjs';

const content = fileURLToPath(new URL('../../content/', import.meta.url));
const shots = fileURLToPath(new URL('../shots/', import.meta.url));
/** A4 on its side, in CSS pixels. */
const PAPER = { width: 1123, height: 794 };
const folders = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** The content with many more sessions, long words, and changes on most days. */
async function crowded() {
  const folder = await mkdtemp(join(tmpdir(), 'portal-leaflet-'));
  folders.push(folder);
  await cp(content, folder, { recursive: true });
  const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
  const dates = `owner = "Leaving care service"\nchecked_on = 2026-11-21\nreview_by = 2027-02-19\n`;
  const places = ['white-cross-lancaster', 'county-hall-preston', 'the-zone-burnley', 'inspire-chorley', 'new-era-accrington', 'the-zone-nelson', 'west-lancashire-youth-zone'];
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  let sessions = '';
  let exceptions = '';
  for (const [n, place] of [...places, ...places, ...places].entries()) {
    sessions += `\n[session.many-${n}]\nplace = "${place}"\nname = "Cooking, talking and getting things done together ${n}"\nkind = "group"\ncome = "book-first"\nbook_with = "Ask the team at the front desk"\nnote = "Bring whatever you want to cook, and a friend if you like."\nclaim = "lcc-forum"\n${dates}[session.many-${n}.rule]\nevery = "week"\ndays = ["${days[n % 7]}", "${days[(n + 3) % 7]}"]\ntimes = [{ from = "16:30", to = "18:45" }]\nstarts = 2026-11-02\n`;
    for (let week = 0; week < 12; week += 1) {
      const [from, to] = [day(week * 7), day(week * 7 + 6)];
      exceptions += `\n[exception.many-${n}-${week}]\nsession = "many-${n}"\nfrom = ${from}\nto = ${to}\nkind = "${week % 2 ? 'closed' : 'other-hours'}"\n${week % 2 ? '' : 'times = [{ from = "12:15", to = "13:45" }]\n'}reason = "The heating is broken and number ${week} of the rooms is not warm enough to sit in"\nmade_on = 2026-11-20T09:00:00Z\n`;
    }
  }
  await writeFile(join(folder, 'sessions.toml'), (await readFile(join(folder, 'sessions.toml'), 'utf8')) + sessions);
  await writeFile(join(folder, 'exceptions.toml'), (await readFile(join(folder, 'exceptions.toml'), 'utf8')) + exceptions);
  // Every right of the law on it.
  const rights = await readFile(join(folder, 'entitlements.toml'), 'utf8');
  await writeFile(join(folder, 'entitlements.toml'), rights.replace(/^leaflet = .*\n/gm, '').replace(/^claim = /gm, 'leaflet = 1\nclaim = '));
  return folder;
}

/** What is cut or stands out of a panel on paper. */
const cut = (page) =>
  page.evaluate(() => {
    const wrong = [];
    const panels = [...document.querySelectorAll('.panel')];
    if (panels.length !== 4) wrong.push(`${panels.length} panels`);
    for (const panel of panels) {
      const box = panel.getBoundingClientRect();
      const name = panel.className;
      if (panel.scrollHeight > panel.clientHeight) wrong.push(`${name}: ${panel.scrollHeight} > ${panel.clientHeight}`);
      if (panel.scrollWidth > panel.clientWidth) wrong.push(`${name}: ${panel.scrollWidth} wide > ${panel.clientWidth}`);
      const style = getComputedStyle(panel);
      const inside = { right: box.right - parseFloat(style.paddingRight), bottom: box.bottom - parseFloat(style.paddingBottom) };
      for (const node of panel.querySelectorAll('*')) {
        const own = node.getBoundingClientRect();
        if (own.width === 0) continue;
        if (own.left < box.left || own.top < box.top || own.right > inside.right + 1 || own.bottom > inside.bottom + 1) {
          wrong.push(`${name}: ${node.tagName} ${node.textContent.slice(0, 40)} stands out`);
        }
        const size = parseFloat(getComputedStyle(node).fontSize) * 0.75;
        if ([...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) && size < 9.49) {
          wrong.push(`${name}: ${size}pt: ${node.textContent.slice(0, 40)}`);
        }
      }
    }
    return wrong;
  });

for (const [way, start] of [
  ['demo', () => Portal.demo()],
  ['crowded', async () => Portal.demo({ CONTENT_DIR: await crowded() })],
]) {
  test(`every leaflet is two sides of A4 with nothing cut (${way})`, async () => {
    const portal = await start();
    const browser = await Browser.open(portal);
    try {
      const map = await (await fetch(`${portal.origin}/sitemap.xml`)).text();
      const paths = [...map.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => new URL(url).pathname);
      const leaflets = paths.filter((path) => path.startsWith('/leaflet'));
      assert.ok(leaflets.length >= 4);
      const wrong = [];
      const paper = await browser.visitor({ size: PAPER });
      for (const path of leaflets) {
        await paper.page.goto(path);
        await paper.page.emulateMedia({ media: 'print' });
        const name = `${way}${path.replaceAll('/', '-')}`;
        wrong.push(...(await cut(paper.page)).map((fault) => `${path}: ${fault}`));
        const pdf = await paper.page.pdf({ preferCSSPageSize: true, path: `${shots}${name}.pdf`, printBackground: false });
        const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
        if (pages !== 2) wrong.push(`${path}: ${pages} pages`);
        if (way === 'crowded') {
          assert.match(await paper.page.locator('.drops .more').innerText(), /^\d+ more/);
          assert.match(await paper.page.locator('.rights .more').innerText(), /^\d+ more/);
        }
        await paper.page.emulateMedia({ media: 'screen' });
      }
      await paper.close();
      for (const size of [PHONE, DESK]) {
        const visitor = await browser.visitor({ size });
        for (const path of leaflets) {
          await visitor.page.goto(path);
          await visitor.look(`${way}${path.replaceAll('/', '-')}-${size.width}`);
        }
        assert.deepEqual(visitor.scripts, []);
        visitor.clean();
        await visitor.close();
      }
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
      await portal.stop();
    }
  });
}

test('the code on the front opens the site', async () => {
  const portal = await Portal.demo();
  const browser = await Browser.open(portal);
  try {
    const visitor = await browser.visitor({ size: DESK });
    for (const colorScheme of ['light', 'dark']) {
      await visitor.page.emulateMedia({ colorScheme });
      await visitor.page.goto('/leaflet/east');
      const picture = (await visitor.page.locator('svg.qr').screenshot()).toString('base64');
      // The browser reads its own picture: no decoder of PNG is needed.
      const { data, width, height } = await visitor.page.evaluate(async (picture) => {
        const bytes = Uint8Array.from(atob(picture), (char) => char.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        canvas.drawImage(bitmap, 0, 0);
        const { data, width, height } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
        return { data: [...data], width, height };
      }, picture);
      assert.equal(jsQR(Uint8ClampedArray.from(data), width, height)?.data, portal.origin);
    }
    await visitor.close();
  } finally {
    await browser.close();
    await portal.stop();
  }
});
