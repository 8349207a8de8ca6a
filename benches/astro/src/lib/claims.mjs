// A remark plugin: `[^source]` and `{{amount}}` of our content become marks and words.

const DOUBTS = { medium: 'may have changed', low: 'not sure', disagree: 'sources disagree' };
const ABBREVIATIONS = ['e.g.', 'i.e.', 'etc.', 'mr.', 'mrs.', 'dr.', 'st.', 'no.'];

export function claims({ sources, rights }) {
  return (tree, file) => {
    const listed = [];
    const state = { listed, sources, rights, pending: [], unsure: false };
    blocks(tree, state);
    Object.assign(file.data.astro.frontmatter, { listed, disagree: state.unsure });
  };
}

function blocks(node, state) {
  if (node.type === 'paragraph') {
    inline(node, state);
    node.children.push(...place(state));
    node.children = runs(node.children);
  } else if (node.type !== 'heading') node.children?.forEach((child) => blocks(child, state));
}

function inline(node, state) {
  node.children = node.children.flatMap((child) => {
    if (child.type === 'text') return text(child.value, state, node.type === 'link');
    if (child.children) {
      inline(child, state);
      child.children = runs(child.children);
    }
    return child;
  });
}

function text(value, state, inLink) {
  return value.split(/(\[\^[^\]]+\]|\{\{[^}]+\}\})/).flatMap((part) => {
    if (part.startsWith('[^')) {
      state.pending.push(claim(part.slice(2, -1), state));
      return place(state);
    }
    if (part.startsWith('{{')) {
      const right = state.rights[part.slice(2, -2).trim()];
      state.pending.push(...right.claim.split(/\s+/).filter(Boolean).map((name) => claim(name, state)));
      return words(right.amount);
    }
    if (!part) return [];
    const end = state.pending.length && !inLink ? sentenceEnd(part) : 0;
    return end ? [words(part.slice(0, end)), ...place(state), words(part.slice(end))] : words(part);
  });
}

function claim(name, state) {
  const [slug, confidence = 'high'] = name.split(':');
  let index = state.listed.findIndex((source) => source.slug === slug);
  if (index < 0) index = state.listed.push({ slug, ...state.sources[slug] }) - 1;
  state.unsure ||= confidence === 'disagree';
  return { type: 'claim', number: index + 1, doubt: DOUBTS[confidence] };
}

function place(state) {
  return state.pending.splice(0);
}

/** A run of claims says each number and each word of doubt once, the words last. */
function runs(nodes) {
  const out = [];
  let numbers = new Set();
  let doubts = new Set();
  const end = () => {
    for (const doubt of doubts) out.push(words(' '), tag('span', { className: ['mark'] }, doubt));
    numbers = new Set();
    doubts = new Set();
  };
  for (const node of nodes) {
    if (node.type === 'claim') {
      if (!numbers.has(node.number)) {
        numbers.add(node.number);
        const link = { type: 'link', url: `#source-${node.number}`, children: [words(String(node.number))] };
        link.data = { hProperties: { ariaLabel: `Source ${node.number}` } };
        out.push({ ...tag('sup', { className: ['src'] }), children: [link] });
      }
      if (node.doubt) doubts.add(node.doubt);
    } else if (!(numbers.size && node.type === 'text' && !node.value.trim())) {
      end();
      out.push(node);
    }
  }
  end();
  return out;
}

function tag(hName, hProperties, inside) {
  return { type: 'mark', data: { hName, hProperties }, children: inside ? [words(inside)] : [] };
}

function words(value) {
  return { type: 'text', value };
}

function sentenceEnd(text) {
  for (const found of text.matchAll(/[.!?](?=\s|$)/g)) {
    const end = found.index + 1;
    const last = text.slice(0, end).split(/\s/).at(-1).toLowerCase().replace(/^\(+/, '');
    if (!ABBREVIATIONS.includes(last)) return end;
  }
  return 0;
}
