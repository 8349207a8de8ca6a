// The portal's own content, read as the portal reads it. What stands around `<main>` and changes
// with the hour (the help strip) is taken ready-made from a page of the portal.

import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createMarkdownProcessor } from '@astrojs/markdown-remark';
import { parse } from 'smol-toml';
import { claims } from './claims.mjs';

const folder = process.env.CONTENT_DIR;
const around = readFileSync(process.env.AROUND, 'utf8');
export const head = between('<head>', '</head>');
export const help = `<aside${between('<aside', '</aside>')}</aside>`;

const { source: sources } = parse(readFileSync(`${folder}/sources.toml`, 'utf8'));
const { entitlement: rights } = parse(readFileSync(`${folder}/entitlements.toml`, 'utf8'));
const markdown = await createMarkdownProcessor({
  gfm: false,
  smartypants: false,
  syntaxHighlight: false,
  remarkPlugins: [[claims, { sources, rights }]],
});

/** Slug, title and area of every offer page, in their order. */
const topics = readdirSync(`${folder}/offer`)
  .map((name) => {
    const { title, area, order } = split(readFileSync(`${folder}/offer/${name}`, 'utf8')).front;
    return { slug: name.replace(/\.md$/, ''), title, area, order };
  })
  .sort((one, other) => one.order - other.order);
/** Areas whose questions come up together with those of money. */
const RELATED = { money: ['accommodation', 'education'] };

/** Reads, parses and renders the markdown of one page. */
export async function read(slug) {
  const { front, body } = split(await readFile(`${folder}/offer/${slug}.md`, 'utf8'));
  const { code, metadata } = await markdown.render(body, { frontmatter: front });
  const { listed, disagree } = metadata.frontmatter;
  return { ...front, slug, html: code, headings: metadata.headings, sources: listed, disagree };
}

export function related(page) {
  const of = (area) => topics.filter((topic) => topic.area === area);
  return [...of(page.area).filter((topic) => topic.slug !== page.slug), ...RELATED[page.area].map((area) => of(area)[0])];
}

export function day(date) {
  return new Date(date).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** Read once: what a content collection does when the site is built. */
export const money = await read('money');

function split(file) {
  const [, front, body] = file.match(/^\+\+\+\n(.*?)\n\+\+\+\n(.*)$/s);
  return { front: parse(front), body };
}

function between(from, to) {
  if (!around.includes(from)) throw new Error(`The page in AROUND has no ${from}`);
  const start = around.indexOf(from) + from.length;
  return around.slice(start, around.indexOf(to, start));
}
