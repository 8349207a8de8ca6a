// What private pages do besides their HTML. Plain script and not an island, because it must be there
// at once: what is typed is kept, three times Shift leaves, leaving clears the screen before the server has answered, a page
// of somebody who signed out meanwhile is not shown again, and two minutes before the end there is a
// warning with a button to stay. Without it the exit button and the server do the same more slowly.

const WARN = 120; // seconds before the end
const LONGEST = 3600; // seconds between two questions at most

const exit = document.querySelector('form.exit');
const main = document.querySelector('main');
const clear = () => {
  document.documentElement.style.display = 'none';
};

// Leaving

exit?.addEventListener('submit', clear);
if (exit?.method === 'post') {
  const says = exit.querySelector('[role=status]');
  let presses = 0;
  let alone = false;
  let forget;
  addEventListener('keydown', (event) => {
    if (event.key === 'Shift') alone ||= !event.repeat;
    else presses = Number(alone = false);
  });
  addEventListener('keyup', (event) => {
    if (event.key !== 'Shift' || !alone) return;
    alone = false;
    presses += 1;
    clearTimeout(forget);
    forget = setTimeout(() => ((presses = 0), (says.textContent = '')), 5000);
    if (presses === 3) exit.requestSubmit();
    else says.textContent = `Shift: press ${3 - presses} more ${presses === 2 ? 'time' : 'times'} to leave this page.`;
  });
}

// The end of the sign-in

/** Seconds until this visit ends, nought when it has, nothing when nobody answers. */
async function left(method = 'GET') {
  // Asked with this header it is no use of the sign-in, but for the button.
  const headers = method === 'GET' ? { 'x-fragment': '1' } : {};
  try {
    const answer = await fetch('/sign-in/left', { method, headers, redirect: 'manual' });
    another = false;
    if (answer.status === 401) return 0;
    if (!answer.ok) throw new Error();
    const [seconds, now] = (await answer.text()).split(' ');
    // Whoever signs in here meanwhile may be another than this page is for.
    visit ??= now;
    another = visit !== now;
    if (another) return 0;
    until = Date.now() + seconds * 1000;
    return Number(seconds);
  } catch {
    // Offline it ends all the same.
    return Date.now() > until ? 0 : undefined;
  }
}

let visit;
let another = false;
let until = Infinity;
let timer;
let panel;

function show(words, label, press) {
  panel?.remove();
  panel = document.createElement('div');
  panel.className = 'note idle';
  panel.setAttribute('role', 'alert');
  const text = panel.appendChild(document.createElement('p'));
  const button = panel.appendChild(document.createElement('button'));
  button.type = 'button';
  button.className = 'btn';
  button.textContent = label;
  button.addEventListener('click', press);
  main.before(panel);
  text.textContent = words;
}

function hide() {
  panel?.remove();
  panel = undefined;
  main.style.display = '';
}

async function look(method) {
  clearTimeout(timer);
  const seconds = await left(method);
  let next = seconds === undefined ? WARN / 2 : seconds - WARN;
  if (seconds === 0) return ended();
  if (seconds > WARN) hide();
  else if (seconds) {
    show('You will be signed out in 2 minutes.', 'Stay signed in', () => look('POST'));
    next = seconds + 1;
  }
  timer = setTimeout(look, 1000 * Math.min(Math.max(next, 1), LONGEST));
}

/** Takes the page from the screen. What was typed stays in it until its owner is back. */
function ended() {
  main.style.display = 'none';
  const written =
    [...main.querySelectorAll('textarea')].find((box) => box.value.trim() && box.form) ??
    main.querySelector('form[data-typed] input');
  const comes = written?.name === 'body' || written?.form.dataset.draft ? ' Your words are kept: sign in and they come with you.' : '';
  const words = written && !comes ? ' Your words are kept: the next page shows them.' : comes;
  show(`You have been signed out.${words}`, 'Sign in', async () => {
    // In another tab the same visit goes on: the page is theirs as it was.
    if (await left()) return look();
    // Sent only where nobody is signed in: the answer is a page that keeps the words and sends nothing.
    if (written && !another) written.form.requestSubmit();
    else location.replace(`/sign-in?next=${location.pathname}`);
  });
}

look();
// Browsers keep whole pages for their Back button: one of somebody who has signed out must not show, also when nobody
// can be asked.
addEventListener('pageshow', async (event) => {
  if (!event.persisted) return;
  main.style.display = 'none';
  const seconds = await left();
  if (seconds) look();
  else if (seconds === 0) location.replace('/sign-in');
  else show('We cannot see whether you are still signed in. Are you online?', 'Try again', () => location.reload());
});
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look());

// What is typed is kept

for (const form of document.querySelectorAll('form[data-draft]')) {
  const says = form.querySelector('[role=status]');
  const boxes = [...form.querySelectorAll('textarea, input:not([type=hidden], [type=radio], [type=checkbox])')];
  const typed = () => String(new URLSearchParams(new FormData(form)));
  const choices = [...form.querySelectorAll('[type=radio], [type=checkbox], select')];
  const chosen = () => choices.map((choice) => (choice.tagName === 'SELECT' ? choice.value : choice.checked)).join();
  const first = says.textContent ? undefined : chosen();
  let kept = typed();
  let timer;
  const keep = async (keepalive) => {
    clearTimeout(timer);
    const words = typed();
    if (words === kept) return;
    kept = words;
    const none = boxes.every((box) => !box.value.trim()) && (!choices.length || chosen() === first);
    const body = new URLSearchParams(words);
    // Emptied boxes are nothing to keep where the choices beside them are those that the page began with.
    if (none) for (const name of [...body.keys()]) if (name !== 'key' && name !== 'place') body.delete(name);
    try {
      const answer = await fetch(form.dataset.draft, { method: 'POST', body, keepalive, headers: { 'x-draft': '1' }, redirect: 'manual' });
      if (answer.status !== 204) throw new Error();
      says.textContent = none ? '' : 'Kept as a draft.';
    } catch {
      // Not kept yet: the next letter, or leaving the page, tries again.
      kept = undefined;
      says.textContent = '';
    }
  };
  form.addEventListener('input', () => {
    form.dataset.typed = 'yes';
    clearTimeout(timer);
    timer = setTimeout(keep, 1500);
  });
  form.addEventListener('submit', () => {
    clearTimeout(timer);
    kept = typed();
  });
  addEventListener('pagehide', () => keep(true));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keep(true));
}
