// Reads calendar feeds with ical.js, a calendar library that is not ours, and compares what it
// understood with the list of occurrences in JSON.
//
//     node lib/read-feeds.mjs DIR     compares each DIR/NAME.ics with DIR/NAME.json

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ICAL from 'ical.js';

/** Zones by what the feed says of them: every feed says the same. */
const zones = new Map();

function zone(calendar) {
  const component = calendar.getFirstSubcomponent('vtimezone');
  if (!component) throw new Error('the feed has no VTIMEZONE');
  const says = JSON.stringify(component.jCal);
  if (!zones.has(says)) zones.set(says, new ICAL.Timezone(component));
  return zones.get(says);
}

/** The instant of a property, worked out by the library through the feed's own zone. */
function instant(event, name, london) {
  const property = event.getFirstProperty(name);
  const time = property.getFirstValue();
  const tzid = property.getFirstParameter('tzid');
  if (tzid) {
    if (tzid !== london.tzid) throw new Error(`${name} is in ${tzid}, which the feed does not explain`);
    time.zone = london;
  } else if (time.zone !== ICAL.Timezone.utcTimezone) {
    throw new Error(`${name} has no zone`);
  }
  return time.toUnixTime() * 1000;
}

/** What the library reads in a feed. */
export function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const london = zone(calendar);
  const value = (event, name) => event.getFirstPropertyValue(name);
  const events = calendar.getAllSubcomponents('vevent').map((event) => ({
    uid: value(event, 'uid'),
    start: instant(event, 'dtstart', london),
    end: instant(event, 'dtend', london),
    status: value(event, 'status'),
    summary: value(event, 'summary') ?? '',
    description: value(event, 'description') ?? '',
    location: value(event, 'location') ?? '',
    url: value(event, 'url') ?? '',
    sequence: value(event, 'sequence'),
    repeats: event.hasProperty('rrule') || event.hasProperty('rdate') || event.hasProperty('recurrence-id'),
  }));
  return { name: calendar.getFirstPropertyValue('x-wr-calname'), events };
}

/** What the feed must say of one occurrence, against what was read. */
function differences(one, event) {
  const wrong = [];
  const say = (what, theirs, ours) => theirs !== ours && wrong.push(`${one.id}: ${what} is ${theirs}, not ${ours}`);
  say('the start', event.start, Date.parse(one.start));
  say('the end', event.end, Date.parse(one.end));
  say('cancelled', event.status === 'CANCELLED', one.status === 'closed');
  say('closed in the summary', /^Closed\b/.test(event.summary), one.status === 'closed');
  const open = one.status !== 'closed';
  say('in doubt', /^Not confirmed\b/.test(event.summary), open && one.certainty !== 'confirmed');
  say('another place', event.summary.includes('Different place'), one.status === 'moved');
  say('other hours', event.summary.includes('Different times'), one.status === 'other-hours');
  say('one more', event.summary.includes('Extra session'), one.status === 'extra');
  say('the place', event.url.split('/').at(-1), one.place);
  if (one.place_name) say('the name of the place', event.location.startsWith(one.place_name), true);
  if (one.reason) say('the reason', event.description.includes(one.reason), true);
  say('a rule that repeats', event.repeats, false);
  return wrong;
}

/** Every difference between a feed and the list of what it should hold. */
export function compare(text, list) {
  const { events } = read(text);
  const wrong = [];
  const byId = new Map();
  for (const event of events) {
    const id = event.uid.slice(0, event.uid.lastIndexOf('@'));
    if (byId.has(id)) wrong.push(`${id}: twice in the feed`);
    byId.set(id, event);
  }
  for (const one of list) {
    const event = byId.get(one.id);
    if (!event) wrong.push(`${one.id}: not in the feed`);
    else wrong.push(...differences(one, event));
    byId.delete(one.id);
  }
  for (const id of byId.keys()) wrong.push(`${id}: in the feed only`);
  return wrong;
}

function main(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ics'));
  if (names.length === 0) throw new Error(`there is no feed in ${folder}`);
  let compared = 0;
  let wrong = 0;
  for (const name of names) {
    const path = join(folder, name);
    let found;
    try {
      const list = JSON.parse(readFileSync(path.replace(/\.ics$/, '.json'), 'utf8'));
      compared += list.length;
      found = compare(readFileSync(path, 'utf8'), list);
    } catch (error) {
      found = [`cannot be read: ${error.message}`];
    }
    // The first few show what is wrong; all are counted.
    for (const line of found.slice(0, Math.max(0, 20 - wrong))) console.error(`${name}: ${line}`);
    wrong += found.length;
  }
  console.log(`${names.length} feeds, ${compared} occurrences compared, ${wrong} differences`);
  return wrong === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv[2] ?? '.');
}
