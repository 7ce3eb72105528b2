// The audit-line decoder: one line is explained at once; a log is read by the
// engine piece by piece, so that the page can tell how far it is and stop.
import { asked, contents, words } from "./message.js";
import { begin } from "./page.js";

/** Bytes of a piece: a few tens of milliseconds of the engine. */
const PIECE = 256 * 1024;
/** Largest file that is read. */
const MAX_FILE = 64 * 1024 * 1024;

const get = (id) => document.getElementById(id);
const area = get("audit-text");
const told = get("audit-told");
const single = get("audit-answer");
const groups = get("audit-groups");
const progress = get("audit-progress");

let run = 0; // number of the reading that is under way; another number stops it

async function ask(request) {
  const { ask: send } = await import(ENGINE);
  const { outcome } = JSON.parse(await send(asked(request, run)));
  if (outcome.error) throw new Error(outcome.error.message);
  return contents(outcome.response);
}

/** Puts a sentence into an element, its `code` as code. */
function say(element, sentence) {
  element.replaceChildren(...words(sentence));
}

const slot = (root, name) => root.querySelector(`[data-slot="${name}"]`);
const copy = (id) => get(id).content.cloneNode(true);
const badge = (verdict) => get("audit-verdicts").content.querySelector(`[data-verdict="${verdict}"]`).cloneNode(true);

/** The parts of an explanation. */
function explanation({ group, fields, rules }) {
  const part = copy("explained");
  slot(part, "badge").replaceChildren(badge(group.verdict));
  say(slot(part, "what"), group.what);
  say(slot(part, "why"), group.why);
  part.querySelector('[data-part="rules"]').hidden = rules.length === 0;
  slot(part, "rules").replaceChildren(...rules.map((rule) => {
    const item = copy("audit-rule");
    slot(item, "width").textContent = rule.width;
    slot(item, "rule").textContent = rule.rule;
    say(slot(item, "caution"), rule.caution);
    return item;
  }));
  slot(part, "fields").replaceChildren(...fields.map((field) => {
    const item = copy("audit-field");
    slot(item, "name").textContent = field.name;
    slot(item, "value").textContent = field.value;
    say(slot(item, "meaning"), field.meaning);
    return item;
  }));
  return part;
}

async function explain(line, into) {
  const answer = await ask({ explain_record: { line } });
  if (answer.group) into.replaceChildren(explanation(answer));
  return answer.group !== null;
}

/** A group of a log; opened, it is explained. */
function groupItem(group) {
  const item = copy("audit-group");
  item.querySelector(".count").textContent = `${group.count.toLocaleString("en")} ×`;
  slot(item, "badge").replaceChildren(badge(group.verdict));
  say(slot(item, "what"), group.what);
  const details = item.querySelector("details");
  details.addEventListener("toggle", () => {
    const into = details.querySelector(".explained");
    if (details.open && !into.childNodes.length) explain(group.line, into).catch(fail);
  });
  return item;
}

function fail(error) {
  told.textContent = `The log could not be read: ${error.message}. Your text is still here.`;
}

const seconds = (ms) => (ms < 1500 ? "a second" : `${Math.ceil(ms / 1000)} seconds`);

/** Reads a whole log; `piece(start, end)` gives its text. */
async function read(size, piece) {
  const mine = ++run;
  const began = performance.now();
  progress.hidden = false;
  single.hidden = true;
  groups.hidden = true;
  let rest = "";
  try {
    for (let at = 0, first = true; at < size || first; first = false) {
      const end = Math.min(size, at + PIECE);
      const text = rest + await piece(at, end);
      const last = end === size;
      const cut = last ? text.length : text.lastIndexOf("\n") + 1;
      rest = text.slice(cut);
      const answer = await ask({ decode: { text: text.slice(0, cut), first, last } });
      if (mine !== run) return;
      at = end;
      const left = ((performance.now() - began) / at) * (size - at);
      get("audit-bar").value = size ? (at / size) * 100 : 100;
      get("audit-numbers").textContent = `${(at / 1e6).toFixed(1)} of ${(size / 1e6).toFixed(1)} MB · ${answer.lines.toLocaleString("en")} lines, ${answer.records.toLocaleString("en")} records · about ${seconds(left)} left`;
      if (last) done(answer, performance.now() - began);
    }
  } catch (error) {
    if (mine === run) fail(error);
  }
  if (mine === run) progress.hidden = true;
}

function done({ lines, records, groups: found, left_out: leftOut }, ms) {
  const rest = leftOut ? ` ${leftOut.toLocaleString("en")} records are of further kinds and not shown.` : "";
  told.textContent = records === 0
    ? `None of the ${lines.toLocaleString("en")} lines is a record of AppArmor or seccomp. They have apparmor="…" or type=1326 in them.`
    : `${lines.toLocaleString("en")} lines with ${records.toLocaleString("en")} records, read in ${seconds(ms)}.${rest}`;
  groups.hidden = found.length === 0;
  groups.querySelector("ol").replaceChildren(...found.map(groupItem));
}

let timer = 0;
function typed() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const text = area.value.trim();
    run += 1;
    progress.hidden = true;
    if (text === "") {
      told.textContent = "";
      single.hidden = true;
      groups.hidden = true;
      return;
    }
    if (text.includes("\n")) {
      await read(text.length, (start, end) => text.slice(start, end));
      return;
    }
    try {
      const known = await explain(text, single.querySelector("article"));
      single.hidden = !known;
      groups.hidden = true;
      told.textContent = known ? "" : "This is no record of AppArmor or seccomp. They have apparmor=\"…\" or type=1326 in them.";
    } catch (error) {
      fail(error);
    }
  }, 150);
}

area.addEventListener("input", typed);
get("audit-clear").addEventListener("click", () => {
  area.value = "";
  typed();
  area.focus();
});
get("audit-stop").addEventListener("click", () => {
  run += 1;
  progress.hidden = true;
  told.textContent = "Stopped. Nothing of the log is kept.";
  area.focus();
});
get("audit-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (!file) return;
  if (file.size > MAX_FILE) {
    told.textContent = `${file.name} has ${(file.size / 1e6).toFixed(0)} MB; at most 64 MB are read. Cut it with grep -E 'apparmor=|type=1326'.`;
    return;
  }
  area.value = "";
  told.textContent = `Reading ${file.name} …`;
  const decoder = new TextDecoder();
  await read(file.size, async (start, end) => decoder.decode(await file.slice(start, end).arrayBuffer(), { stream: end < file.size }));
});
begin();
