// What the tools of a lab share: asking the engine, the nodes, calls and files
// as they stand on the page, and making elements.

import { asked, contents, words } from "../message.js";

// How often, and after how many milliseconds, it is asked again while the
// program is still opening the lab.
const TRIES = 40;
const PAUSE = 50;

let tell = () => {};
const searching = new Set(); // told of every further answer of a search

/** Takes the function that tells the program what a tool did. */
export function connect(to) {
  tell = to;
}

/** Has every further answer of a search given to `handler`; null when the engine stopped. */
export function follow(handler) {
  searching.add(handler);
}

async function engine() {
  const module = await import(ENGINE);
  module.news(hear);
  return module;
}

function hear(response) {
  const view = response && response.search;
  if (view !== undefined) searching.forEach((handler) => handler(view));
}

/**
 * Asks the engine, which gets this lab before if it does not have it. Gives the
 * response's contents; the program is told when they change what the page shows.
 */
export async function ask(request) {
  tell("");
  const { ask: send } = await engine();
  for (let tries = 0; ; tries += 1) {
    await new Promise((done) => setTimeout(done, tries && PAUSE)); // the program's own question goes first
    let text;
    try {
      text = await send(asked(request));
    } catch (error) {
      tell(error.message);
      throw error;
    }
    const { response, error } = JSON.parse(text).outcome;
    if (error?.code === "no-session" && tries < TRIES) continue;
    if (error) throw new Error(error.message);
    if (response.changed) tell(text);
    return contents(response);
  }
}

/** Makes an element. What is in it may be elements or sentences, in which `…` is code. */
export function say(name, properties = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  for (const part of inside.flat()) {
    element.append(...(typeof part === "string" ? words(part) : [part]));
  }
  return element;
}

/** A button; while what it does goes on, pressing it again does nothing, and a fault is told in `told`. */
export function button(text, told, press, className = "btn sm") {
  const made = say("button", { type: "button", className }, text);
  let busy = false;
  made.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    try {
      await press();
    } catch (error) {
      told.textContent = `${error.message} Your files are as they were.`;
    }
    busy = false;
  });
  return made;
}

/** A line that is read out when it changes. */
export const status = (text = "") => say("p", { className: "why", role: "status" }, text);

/** Puts a sentence into an element. */
export const put = (element, sentence) => element.replaceChildren(...words(sentence));

let fields = 0;
/** A field under its label. */
export function field(title, control) {
  control.id = `tool-field-${fields += 1}`;
  return say("div", { className: "field" }, say("label", { htmlFor: control.id }, title), control);
}

/** A list to choose from: values with their titles. */
export const choice = (values) => say("select", {}, values.map(([value, title]) => say("option", { value }, title)));

/** Brings a panel of the lab to the front: "files", "nodes", "trace", …. */
export const front = (panel) => { document.getElementById(`panel-${panel}`).checked = true; };

/** The ids of the nodes on the page. */
export const nodes = () => [...document.querySelectorAll('#lab [id^="node-"][data-outcome]')].map(({ id }) => id.slice("node-".length));

/** A chooser of the page's nodes that follows the fleet. */
export function nodeChoice(changed = () => {}) {
  const select = choice([]);
  const fill = () => {
    const chosen = select.value;
    const ids = nodes();
    if (ids.join() === [...select.options].map(({ value }) => value).join()) return;
    select.replaceChildren(...ids.map((value) => say("option", { value }, value)));
    if (ids.includes(chosen)) select.value = chosen;
  };
  fill();
  select.addEventListener("change", changed);
  watch(() => { fill(); changed(); });
  return select;
}

/** Calls `changed` whenever the nodes or their traces were drawn anew. */
export function watch(changed) {
  let timer;
  const observer = new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(changed, 60);
  });
  for (const panel of document.querySelectorAll("#lab .nodes, #lab .tr")) observer.observe(panel, { childList: true, subtree: true });
}

/** The calls of a node as the page shows them: element, id, and the call in words. */
export function calls(node) {
  const start = `row-${node}-`;
  return [...document.querySelectorAll(`[id^="${CSS.escape(start)}"]`)]
    .map((row) => ({ row, id: Number(row.id.slice(start.length)) }))
    .filter(({ id }) => Number.isInteger(id))
    .map(({ row, id }) => ({
      row, id,
      text: row.querySelector(".say").textContent,
      answer: [...row.querySelector(".ret").childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data).join("").trim(),
    }));
}

/** What stands behind a file's name in the label of its text area. */
const NAMED = ", text of the file";
const record = (path) => document.querySelector(`textarea[aria-label="${CSS.escape(path)}${NAMED}"]`);

/** A file's text with edits at bytes, and the lines that they replace. */
export function edited(path, edits) {
  const area = record(path);
  if (!area) return null;
  const bytes = new TextEncoder().encode(area.value);
  const decode = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  let text = "";
  let at = 0;
  for (const { start, end, text: put } of edits) {
    text += decode(at, start) + put;
    at = end;
  }
  return { area, before: area.value, text: text + decode(at) };
}

/** The lines in which two texts differ: those of the one, those of the other. */
export function difference(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let top = 0;
  while (top < Math.min(old.length, now.length) && old[top] === now[top]) top += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - top && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const diff = say("pre", { className: "diff" });
  for (const [name, lines] of [["del", old], ["ins", now]]) {
    const part = lines.slice(top, lines.length - end).join("\n");
    if (part) diff.append(Object.assign(document.createElement(name), { textContent: part }));
  }
  return diff;
}

/** Makes edits in a file as if they were typed, and shows the file. Gives what to say about it. */
export function apply(path, edits) {
  const change = edited(path, edits);
  if (!change) return `There is no file ${path} here.`;
  if (change.area.readOnly) return `${path} cannot be changed in this lab.`;
  change.area.value = change.text;
  change.area.dispatchEvent(new Event("input", { bubbles: true }));
  front("files");
  [...document.querySelectorAll('#lab [role="tab"]')].find((tab) => tab.textContent.includes(path))?.click();
  return `${path} is changed. Undo in the editor takes it back.`;
}

/** The files that end so and may be changed here. */
export const files = (end) => [...document.querySelectorAll(`#lab textarea[aria-label$="${end}${NAMED}"]`)]
  .filter((area) => !area.readOnly)
  .map((area) => area.getAttribute("aria-label").slice(0, -NAMED.length));

/** The edit that puts a text in the place of a whole file. */
export const whole = (text) => [{ start: 0, end: Infinity, text }];

/** A table in a frame of its own that can be scrolled. */
export function table(title, heads, rows) {
  return say("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": title },
    say("table", { className: "tbl" },
      say("thead", {}, say("tr", {}, heads.map((head) => say("th", { scope: "col" }, head)))),
      say("tbody", {}, rows.map((cells) => say("tr", {}, cells.map((cell) => say("td", {}, cell)))))));
}

/** A number for people. */
export const count = (number) => number.toLocaleString("en");
