// Lighthouse's four scores with its own phone: slow 4G and a processor four times slower, simulated.

import lighthouse from 'lighthouse';

export const SCORES = ['performance', 'accessibility', 'best-practices', 'seo'];
/** A score hangs on what else the machine does: the middle one of so many. */
const RUNS = Number(process.env.BENCH_LIGHTHOUSE ?? 3);

/** The run whose LCP is in the middle: its scores, that LCP, and each audit that failed. */
export async function scores(url, port) {
  const runs = [];
  let failed = 0;
  while (runs.length < RUNS) {
    const { lhr } = await lighthouse(url, { port, logLevel: 'silent', onlyCategories: SCORES, maxWaitForLoad: 20_000 });
    // A run that Lighthouse itself calls failed measured nothing: it is run again, a few times.
    if (!lhr.runtimeError) runs.push(lhr);
    else if ((failed += 1) > RUNS) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  }
  const lcp = (lhr) => lhr.audits['largest-contentful-paint'].numericValue;
  const lhr = runs.toSorted((a, b) => lcp(a) - lcp(b))[Math.floor(runs.length / 2)];
  const of = Object.fromEntries(SCORES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
  const faults = SCORES.filter((name) => of[name] < 100).flatMap((name) =>
    lhr.categories[name].auditRefs
      .map((ref) => ({ ...lhr.audits[ref.id], weight: ref.weight }))
      .filter((audit) => audit.weight > 0 && audit.score !== null && audit.score < 1)
      .map((audit) => `${name}: ${audit.id}: ${audit.title}${what(audit)}`),
  );
  return { scores: of, simulated: lcp(lhr), faults };
}

function what(audit) {
  const items = (audit.details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.description ?? item.source ?? '');
  const said = [audit.displayValue, ...items].filter(Boolean).join('; ');
  return said ? ` (${said})` : '';
}
