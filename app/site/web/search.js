// Search: the index is fetched when something is looked for, and looked
// through here. Every word has to be found, as the beginning of a word or
// inside one; a title counts more than a text.
import { begin } from "./page.js";

/** What is shown at most. */
const SHOWN = 30;
/** Letters around the first hit. */
const AROUND = 90;

const input = document.getElementById("search-for");
const list = document.getElementById("found");
const told = document.getElementById("search-told");
const places = document.getElementById("search-places");
const base = new URL("../", import.meta.url);

let index = null; // Promise of the entries

const loaded = () => (index ??= fetch(new URL("search.json", base)).then((answer) => {
  if (!answer.ok) throw new Error(`the index cannot be had (${answer.status})`);
  return answer.json();
}).catch((error) => {
  index = null; // the next search tries again
  throw error;
}));

/** Entries with all the words, the best first. */
export function find(entries, query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const found = [];
  for (const entry of entries) {
    const title = entry.title.toLowerCase();
    const text = entry.text.toLowerCase();
    let score = 0;
    for (const word of wanted) {
      const inTitle = title.indexOf(word);
      const inText = text.indexOf(word);
      if (inTitle < 0 && inText < 0) {
        score = 0;
        break;
      }
      const begins = (where, at) => at === 0 || /[^\p{L}\p{N}]/u.test(where[at - 1]);
      score += (inTitle < 0 ? 0 : begins(title, inTitle) ? 12 : 6) + (inText < 0 ? 0 : begins(text, inText) ? 2 : 1);
    }
    if (score) found.push({ entry, score, at: text.indexOf(wanted[0]) });
  }
  return found.sort((left, right) => right.score - left.score);
}

/** A piece of the text around a place. */
function excerpt(text, at) {
  const from = Math.max(0, at - AROUND / 3);
  const start = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const end = text.length <= start + AROUND * 2 ? text.length : text.lastIndexOf(" ", start + AROUND * 2);
  return `${start > 0 ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}

const element = (name, text, properties = {}) => Object.assign(document.createElement(name), properties, text === undefined ? {} : { textContent: text });

async function look() {
  const query = input.value.trim();
  const address = new URL(location);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
  places.hidden = query !== "";
  if (!query) {
    list.replaceChildren();
    told.textContent = "";
    return;
  }
  let entries;
  try {
    entries = await loaded();
  } catch (error) {
    told.textContent = `Nothing can be searched now: ${error.message}.`;
    return;
  }
  if (query !== input.value.trim()) return; // typed on meanwhile
  const found = find(entries, query);
  list.replaceChildren(...found.slice(0, SHOWN).map(({ entry, at }) => {
    const item = element("li");
    item.append(element("span", entry.kind, { className: "label" }), element("a", entry.title, { href: new URL(entry.at, base).href }), element("p", excerpt(entry.text, at)));
    return item;
  }));
  const more = found.length > SHOWN ? `, the first ${SHOWN} are shown` : "";
  told.textContent = found.length === 0 ? `Nothing has “${query}” in it. Fewer or shorter words may help.` : `${found.length} ${found.length === 1 ? "place" : "places"}${more}.`;
}

input.addEventListener("input", look);
document.getElementById("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  look();
});
input.value = new URL(location).searchParams.get("q") ?? "";
look();
begin();
