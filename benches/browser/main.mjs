// What a browser sees of each kind of page, as one table with goals. Run by `make bench`.
//
// The release program, Chromium and a bare copy of each page, all on this machine; nothing else is
// reached. Every number is the middle one of several loads, each with an empty cache.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MINUTES = 15;
process.env.PORTAL_BIN ??= resolve(root, 'target/release/portal');
process.env.CHROMIUM ??= find('chromium') || find('chromium-browser');

const missing = [
  [existsSync(process.env.PORTAL_BIN), 'the release program (make release)'],
  [process.env.CHROMIUM, 'chromium (Debian: apt-get install chromium)'],
].filter(([there]) => !there);
if (missing.length) {
  console.log(`\nWhat a browser sees is not measured. Missing: ${missing.map(([, what]) => what).join(', ')}.`);
  process.exit(0);
}

const { Portal } = await import('../../end2end/lib/portal.mjs');
const { Bare } = await import('./bare.mjs');
const { Phone, SLOW_4G, SLOW_3G } = await import('./phone.mjs');
const { SCORES, scores } = await import('./scores.mjs');

const LOADS = number('BENCH_LOADS', 5);
const PAGES = [
  '/', '/offer', '/offer/money', '/entitlements', '/entitlements/check', '/drop-ins', '/drop-ins/north',
  /^\/drop-ins\/place\//, '/help', '/glossary', '/accessibility',
];
/** Measured as soon as the program has them. */
const PERHAPS = ['/search?q=rent', '/leaflet'];

/** What each column must keep to. */
const GOALS = [
  ...SCORES.map((name) => ({ name, says: '100', of: (row) => row.scores[name], met: (score) => score === 100 })),
  { name: 'LCP, Lighthouse s', says: '≤ 1.56', of: (row) => row.simulated / 1000, met: (s) => s <= 1.56 },
  { name: 'LCP, slow 4G s', says: '≤ 1.56', of: (row) => row.fast.lcp / 1000, met: (s) => s <= 1.56 },
  { name: 'LCP, 400 kbit/s s', says: '≤ 2.5', of: (row) => row.slow.lcp / 1000, met: (s) => s <= 2.5 },
  { name: '× bare page', says: '≤ 1.25', of: (row) => row.slow.lcp / row.bare.lcp, met: (times) => times <= 1.25 },
  { name: 'CLS', says: '0', of: (row) => Math.max(row.fast.cls, row.slow.cls), met: (shift) => shift === 0 },
  { name: 'requests', says: '≤ 3', of: (row) => row.slow.requests, met: (count) => count <= 3 },
  { name: 'hosts', says: '1', of: (row) => row.slow.hosts, met: (count) => count === 1 },
  { name: 'bytes', says: '', of: (row) => row.slow.bytes, met: () => true },
  { name: 'scripts', says: '0', of: (row) => row.slow.scripts, met: (count) => count === 0 },
  { name: 'cookies', says: '0', of: (row) => row.slow.cookies, met: (count) => count === 0 },
  { name: 'fonts', says: '0', of: (row) => row.slow.fonts, met: (count) => count === 0 },
];

const began = Date.now();
setTimeout(() => {
  console.error(`What a browser sees was not measured within ${MINUTES} minutes.`);
  process.exit(1);
}, MINUTES * 60_000).unref();

const portal = await Portal.demo();
const bare = await Bare.start();
const phone = await Phone.open(process.env.CHROMIUM);
const faults = [];
try {
  const rows = [];
  const paths = await addresses();
  await settled(paths);
  for (const path of paths) {
    rows.push({ path, ...(await measure(path)) });
  }
  print(rows);
} finally {
  await phone.close();
  await bare.stop();
  await portal.stop();
}
process.exit(0);

async function addresses() {
  const sitemap = await (await fetch(`${portal.origin}/sitemap.xml`)).text();
  const known = [...sitemap.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => new URL(url).pathname);
  const paths = PAGES.map((page) => (page instanceof RegExp ? known.find((path) => page.test(path)) : page));
  for (const path of paths) {
    const { status } = await fetch(portal.origin + path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
  }
  for (const path of PERHAPS) {
    if ((await fetch(portal.origin + path)).status === 200) paths.push(path);
  }
  return paths.filter((path) => !process.env.BENCH_PAGE || path === process.env.BENCH_PAGE);
}

/** The program packs its pages as small as they get after it started: until then none is measured. */
async function settled(paths) {
  const sizes = async () => (await Promise.all(paths.map((path) => portal.first(path)))).map((answer) => answer.bytes).join();
  for (let before = '', same = 0, tries = 0; same < 5 && tries < 120; tries += 1) {
    await new Promise((done) => setTimeout(done, 1000));
    const now = await sizes();
    same = now === before ? same + 1 : 0;
    before = now;
  }
}

async function measure(path) {
  const url = portal.origin + path;
  const bareUrl = await bare.copy(await phone.bare(url));
  const loads = { fast: [], slow: [], bare: [] };
  for (let load = 0; load < LOADS; load += 1) {
    loads.fast.push(await phone.load(url, SLOW_4G));
    loads.slow.push(await phone.load(url, SLOW_3G));
    loads.bare.push(await phone.load(bareUrl, SLOW_3G));
  }
  const words = [loads.slow[0].words, loads.bare[0].words];
  if (words[0] !== words[1]) throw new Error(`${path}: the bare page does not hold the same words`);
  const seen = await scores(url, phone.port);
  faults.push(...seen.faults.map((fault) => `- ${path}: ${fault}`));
  return { ...seen, fast: middle(loads.fast), slow: middle(loads.slow), bare: middle(loads.bare) };
}

/** The load whose LCP is in the middle; what must never happen is taken from the worst of all. */
function middle(loads) {
  const sorted = loads.toSorted((a, b) => a.lcp - b.lcp);
  const worst = (name) => Math.max(...loads.map((load) => load[name]));
  const never = Object.fromEntries(['cls', 'requests', 'hosts', 'scripts', 'cookies', 'fonts'].map((name) => [name, worst(name)]));
  return { ...sorted[Math.floor(sorted.length / 2)], ...never };
}

function print(rows) {
  const line = (cells) => console.log(`| ${cells.join(' | ')} |`);
  console.log(`\n## What a browser sees, an empty cache each time, the middle one of ${LOADS} loads\n`);
  line(['page', ...GOALS.map((goal) => goal.name), '']);
  line(['---', ...GOALS.map(() => '---:'), '---']);
  line(['goal', ...GOALS.map((goal) => goal.says), '']);
  let missed = 0;
  for (const row of rows) {
    const misses = GOALS.filter((goal) => !goal.met(goal.of(row))).map((goal) => goal.name);
    missed += misses.length;
    line([row.path, ...GOALS.map((goal) => shown(goal.of(row))), misses.length ? `missed: ${misses.join(', ')}` : 'met']);
  }
  console.log(`\n${missed ? `${missed} goals missed` : 'Every goal met'}; ${rows.length} pages in ${Math.round((Date.now() - began) / 1000)} s.`);
  if (faults.length) console.log(`\nWhat Lighthouse found:\n\n${faults.join('\n')}`);
}

function shown(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function find(name) {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function number(name, otherwise) {
  return Number(process.env[name] ?? otherwise);
}
