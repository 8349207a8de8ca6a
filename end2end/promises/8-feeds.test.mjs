// What programs read is what people read: calendars, the list and the services of Open Referral.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { EDITOR, PASSPHRASE } from '../lib/people.mjs';
import { Portal } from '../lib/portal.mjs';
import { compare, read } from '../lib/read-feeds.mjs';

const DAY = 86_400_000;
const REASON = 'Flood, again; the \\n way “in” is shut: סגור 🚿 – back soon';

let portal;
let localities;
let places;
let window;
let cookie;

before(async () => {
  portal = await Portal.demo();
  const paths = [...(await text('/sitemap.xml')).matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => new URL(url).pathname);
  const slugs = (pattern) => paths.map((path) => path.match(pattern)?.[1]).filter(Boolean);
  localities = slugs(/^\/drop-ins\/([^/]+)$/);
  places = slugs(/^\/drop-ins\/place\/([^/]+)$/);
  assert.ok(localities.length >= 3 && places.length > 10);
  // What a feed covers: 28 days back and 366 ahead, by London's days.
  const today = Date.parse(`${new Date().toLocaleDateString('en-CA', { timeZone: 'Europe/London' })}T00:00:00Z`);
  const date = (days) => new Date(today + days * DAY).toISOString().slice(0, 10);
  window = [[date(-28), date(0)], [date(1), date(365)]];
});
after(() => portal?.stop());

async function text(path, status = 200) {
  const answer = await fetch(portal.origin + path);
  assert.equal(answer.status, status, path);
  return answer.text();
}

/** The list for the window of a feed: it is asked for in two parts, because a year is the most. */
async function list(filter = '') {
  const found = new Map();
  for (const [from, to] of window) {
    for (const one of JSON.parse(await text(`/drop-ins.json?from=${from}&to=${to}${filter}`))) found.set(one.id, one);
  }
  return [...found.values()];
}

/** Sends a form of the site as a browser would; answers where it leads. */
async function send(path, fields) {
  const answer = await fetch(portal.origin + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: portal.origin, 'sec-fetch-site': 'same-origin', cookie: cookie ?? '' },
    body: new URLSearchParams(fields),
  });
  assert.equal(answer.status, 303, `${path}: ${await answer.text()}`);
  cookie = answer.headers.getSetCookie().map((set) => set.split(';')[0]).find((set) => !set.endsWith('=')) ?? cookie;
}

async function same() {
  const all = await list();
  assert.ok(all.length > 300, `${all.length} occurrences`);
  const seen = new Set();
  for (const [path, filter, slugs] of [
    ['/drop-ins', 'locality', localities],
    ['/drop-ins/place', 'place', places],
  ]) {
    for (const slug of slugs) {
      const wanted = await list(`&${filter}=${slug}`);
      const feed = await text(`${path}/${slug}.ics`);
      assert.deepEqual(compare(feed, wanted), [], `${path}/${slug}.ics`);
      const here = all.filter((one) => one[filter] === slug || (filter === 'place' && one.usual_place === slug));
      assert.deepEqual(new Set(wanted.map((one) => one.id)), new Set(here.map((one) => one.id)), `${filter}=${slug}`);
      wanted.forEach((one) => seen.add(`${filter} ${one.id}`));
    }
  }
  assert.equal(seen.size, 2 * all.length, 'each stands in the feed of its locality and of its place');
  return all;
}

test('every feed, read by a calendar library, holds what the list holds', async () => {
  const all = await same();
  assert.ok(all.some((one) => one.certainty === 'confirmed') && all.some((one) => one.certainty === 'not-confirmed'));
});

test('a session that is closed is cancelled in the feeds and in the list at once, its reason whole', async () => {
  await send('/sign-in', { username: EDITOR, passphrase: PASSPHRASE });
  await send('/sign-in/second', { second: (await portal.run('demo-code', EDITOR)).trim() });
  const target = (await list('&place=white-cross-lancaster')).filter((one) => Date.parse(one.start) > Date.now())[2];
  const on = target.start.slice(0, 10);
  const path = `/edit/drop-ins/change?session=${target.session}&on=${on}`;
  const page = await (await fetch(portal.origin + path, { headers: { cookie } })).text();
  const hidden = (name) => page.match(new RegExp(`name="${name}" value="([\\w-]+)"|value="([\\w-]+)" name="${name}"`)).slice(1).find(Boolean);
  await send(path, { key: hidden('key'), seen: hidden('seen'), what: 'closed', from: on, to: on, reason: REASON, do: 'publish' });
  const all = await same();
  const closed = all.filter((one) => one.status === 'closed');
  assert.deepEqual(closed.map(({ id, reason }) => ({ id, reason })), [{ id: target.id, reason: REASON }]);
  for (const feed of ['/drop-ins/north.ics', '/drop-ins/place/white-cross-lancaster.ics']) {
    const event = read(await text(feed)).events.find((event) => event.uid.startsWith(`${target.id}@`));
    assert.equal(event.status, 'CANCELLED');
    assert.ok(event.summary.startsWith(`Closed: ${REASON}`), event.summary);
  }
});

test('the reader of feeds finds what is wrong', async () => {
  const [feed, wanted] = [await text('/drop-ins/north.ics'), await list('&locality=north')];
  const [one] = wanted;
  const later = (value) => new Date(Date.parse(value) + 1000).toISOString();
  const as = (change) => compare(feed, [{ ...one, ...change }, ...wanted.slice(1)]);
  assert.deepEqual(as({}), []);
  for (const change of [
    { start: later(one.start) },
    { end: later(one.end) },
    { status: 'closed' },
    { status: 'moved' },
    { place: 'elsewhere' },
    { place_name: 'Elsewhere' },
    { id: 'another' },
    { certainty: 'not-confirmed' },
  ]) {
    assert.notDeepEqual(as(change), [], JSON.stringify(change));
  }
  assert.notDeepEqual(compare(feed, wanted.slice(1)), []);
  // A zone that never changes its clocks puts half the year an hour off.
  assert.notDeepEqual(compare(feed.replaceAll('TZOFFSETTO:+0100', 'TZOFFSETTO:+0000'), wanted), []);
});

test('a feed is answered from the shelf, and says nothing to who looks over a shoulder', async () => {
  for (const path of [...localities.map((slug) => `/drop-ins/${slug}.ics`), `/drop-ins/place/${places[0]}.ics`]) {
    const answer = await fetch(portal.origin + path);
    assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8');
    const again = await fetch(portal.origin + path, { headers: { 'if-none-match': answer.headers.get('etag') } });
    assert.equal(again.status, 304, path);
    const feed = await answer.text();
    assert.doesNotMatch(feed, /@(?!localhost)/, 'an address of a person');
    const { name, events } = read(feed);
    for (const shown of [name, ...events.map((event) => event.summary)]) assert.doesNotMatch(shown, /\bcare\b/i);
  }
  await text('/drop-ins/atlantis.ics', 404);
  await text('/drop-ins/place/atlantis.ics', 404);
});

/** The schemas as they are, and stricter: no name that the standard does not know. */
function validators(name) {
  const schema = JSON.parse(readFileSync(new URL(`../open-referral/${name}.schema.json`, import.meta.url), 'utf8'));
  for (const object of [schema, ...Object.values(schema.$defs)]) object.additionalProperties = false;
  const ajv = new Ajv({ allErrors: true });
  formats(ajv);
  const check = ajv.compile(schema);
  return (value) => (check(value) ? [] : check.errors.map((error) => `${error.instancePath} ${error.message}`));
}

test('every service is one of Open Referral, by its schemas, and a broken one is not', async () => {
  const [whole, listed] = [validators('service'), validators('service_list')];
  const found = [];
  for (let page = 1; ; page += 1) {
    const answer = JSON.parse(await text(`/open-referral/services?page=${page}&per_page=4`));
    assert.equal(answer.page_number, page);
    assert.equal(answer.size, answer.contents.length);
    assert.equal(answer.first_page, page === 1);
    assert.equal(answer.empty, false);
    found.push(...answer.contents);
    if (answer.last_page) {
      assert.equal(answer.total_items, found.length);
      assert.equal(answer.total_pages, page);
      break;
    }
  }
  assert.ok(found.length >= 6);
  assert.equal(JSON.parse(await text('/open-referral/services?page=9&per_page=200')).empty, true);
  await text('/open-referral/services?page=0', 400);
  await text('/open-referral/services?per_page=many', 400);
  const services = [];
  for (const one of found) {
    assert.deepEqual(listed(one), [], one.name);
    const service = JSON.parse(await text(`/open-referral/services/${one.id}`));
    assert.deepEqual(whole(service), [], one.name);
    services.push(service);
  }
  await text('/open-referral/services/00000000-0000-8000-8000-000000000000', 404);

  const [service] = services.filter((service) => service.schedules.length > 1);
  const broken = (change) => {
    const copy = structuredClone(service);
    change(copy);
    return whole(copy);
  };
  assert.deepEqual(broken(() => {}), []);
  for (const change of [
    (copy) => delete copy.name,
    (copy) => (copy.id = 'forum-north'),
    (copy) => (copy.status = 'open'),
    (copy) => (copy.url = 'no address'),
    (copy) => (copy.minimum_age = '17'),
    (copy) => (copy.last_modified = 'yesterday'),
    (copy) => (copy.schedules[0].freq = 'DAILY'),
    (copy) => delete copy.schedules[0].id,
    (copy) => (copy.schedules[0].exdate = '2026-12-25'),
    (copy) => delete copy.service_at_locations[0].location.location_type,
    (copy) => delete copy.organization.description,
  ]) {
    assert.notDeepEqual(broken(change), [], change.toString());
  }
});

/** The days and times that a schedule says, between two days. */
function* days(schedule, from, to) {
  const code = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
  if (!schedule.opens_at) return;
  const start = Date.parse(schedule.dtstart);
  const monday = (day) => day - ((new Date(day).getUTCDay() + 6) % 7) * DAY;
  let count = 0;
  for (let day = start; day < to; day += DAY) {
    const date = new Date(day).toISOString().slice(0, 10);
    if (date > (schedule.until ?? '9999') || count >= (schedule.count ?? Infinity)) return;
    const on = schedule.byday.split(',').includes(code[new Date(day).getUTCDay()]);
    const weeks = Math.round((monday(day) - monday(start)) / (7 * DAY));
    if (schedule.freq !== 'WEEKLY' || !on || weeks % (schedule.interval ?? 1)) continue;
    count += 1;
    assert.ok(schedule.valid_from <= date && date <= schedule.valid_to, `${date} of ${JSON.stringify(schedule)}`);
    if (day >= from) yield Date.parse(`${date}T${schedule.opens_at}`);
  }
}

test('the schedules of Open Referral say the same days as the list, and none that is closed', async () => {
  const coming = (await list()).filter((one) => one.start.slice(0, 10) >= window[1][0]);
  assert.ok(coming.some((one) => one.status === 'closed'));
  const from = Date.parse(window[1][0]);
  const to = Date.parse(window[1][1]) + DAY;
  const { contents } = JSON.parse(await text('/open-referral/services?per_page=200'));
  const said = [];
  for (const { id } of contents) {
    const service = JSON.parse(await text(`/open-referral/services/${id}`));
    const at = service.service_at_locations.flatMap((at) => at.schedules);
    assert.deepEqual(at.map((it) => it.id).sort(), service.schedules.map((it) => it.id).sort());
    for (const schedule of service.schedules) said.push(...days(schedule, from, to));
    if (service.schedules.some((it) => it.description.includes(REASON))) {
      assert.ok(service.alert.includes(REASON), 'the reason is told as an alert');
    }
  }
  const open = coming.filter((one) => one.status !== 'closed').map((one) => Date.parse(one.start));
  assert.deepEqual(said.sort(), open.sort());
});
