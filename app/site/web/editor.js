// The code editor: takes a file's text area over and keeps it as the record of
// what was typed, so that everything around it goes on as before. What it shows
// besides the text (colours, faults, deciding lines, folds) is what the engine
// said of the file; it understands no language of its own.
//
// It lives in a shadow root: there its style sheets are constructed ones, which
// a policy of style-src 'self' allows, unlike a <style> element.
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView, ViewPlugin, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { codeFolding, foldGutter, foldKeymap, foldService, indentService, indentUnit } from "@codemirror/language";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { hasTold, marks, shown, told } from "./editor/marks.js";
import { bytes, difference, places } from "./editor/places.js";
import { rememberSoon, remember, remembered } from "./editor/undo.js";
import { theme } from "./editor/theme.js";

const KEYS = "Escape and then Tab leaves the editor. F8 goes to the next problem. Alt and Enter shows the trace row that this line decided.";

/** Changes that come from the page, which knows of them already. */
const fromPage = Annotation.define();

const editors = new WeakMap(); // text area → EditorView
const waiting = new Map(); // EditorView → what it is about to show

/**
 * Opens the editor over a text area. `ask(what, text, at)` asks the engine to
 * "suggest" or "explain" at a byte of a text; its promise gives the answer's JSON.
 */
export function open(area, ask) {
  if (editors.has(area)) return;
  const focused = area.matches(":focus");
  const host = area.parentElement.appendChild(document.createElement("div"));
  host.className = "rich";
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root, root,
    state: remembered(area, {
      extensions: [
        history(), lineNumbers(), foldGutter({ openText: "⌄", closedText: "›", foldingChanged: hasTold }), codeFolding(), folds, indents, shown,
        EditorView.lineWrapping, EditorState.readOnly.of(area.readOnly), EditorState.tabSize.of(4), indentUnit.of("  "),
        autocompletion({ override: [suggestions(ask)], icons: false }),
        hoverTooltip((view, at) => meaning(view, at, ask)),
        keymap.of([
          { key: "F8", run: nextFault }, { key: "Alt-Enter", run: (view) => openRow(view, host) },
          ...completionKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab,
        ]),
        EditorView.contentAttributes.of((view) => ({
          "aria-label": area.getAttribute("aria-label"), "aria-description": KEYS,
          "aria-invalid": String(view.state.field(shown).faults.length > 0), spellcheck: "false", autocapitalize: "off", translate: "no",
        })),
        EditorView.domEventHandlers({ mousedown: (event) => pressRows(event, host) }),
        ViewPlugin.define(() => ({ update: (update) => tell(update, area) })),
        EditorView.updateListener.of((update) => changed(update, area)),
        theme,
      ],
    }),
  });
  editors.set(area, view);
  if (focused) view.dispatch({ selection: { anchor: area.selectionStart, head: area.selectionEnd } });
  area.parentElement.classList.add("has-rich");
  if (focused) view.focus();
  addEventListener("pagehide", () => remember(area, view.state));
}

/** Shows what is known of the file: `json` is a FileView and the row that is lit. */
export function show(area, json) {
  const view = editors.get(area);
  if (!view) return;
  const { file, lit } = JSON.parse(json);
  const changes = difference(view.state.doc.toString(), file.text);
  // What the page changes, a fix for example, is undone by itself and not with the typing before it.
  if (changes) view.dispatch({ changes, annotations: [fromPage.of(true), isolateHistory.of("full")] });
  // Marks come last, in the frame that shows the rows of the traces: to draw them the editor asks where
  // its cursor is, and the browser has to lay the page out before it can say so. In that frame it does so anyway.
  if (!waiting.size) requestAnimationFrame(drawMarks);
  waiting.set(view, { file, lit });
}

function drawMarks() {
  for (const [view, { file, lit }] of waiting) {
    // Where more was typed meanwhile, the next answer has the marks for it.
    if (view.state.doc.toString() !== file.text) continue;
    view.dispatch({ effects: told.of(marks(file, lit, places(file.text))), annotations: fromPage.of(true) });
    lightRows(view);
  }
  waiting.clear();
}

/** Puts the cursor at a byte and brings it into sight. */
export function place(area, at) {
  const view = editors.get(area);
  if (!view) return;
  const anchor = Math.min(places(view.state.doc.toString())(at), view.state.doc.length);
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  view.focus();
}

/** Writes what was typed to the text area, before the editor draws it: the engine can begin. */
function tell(update, area) {
  if (!update.docChanged || update.transactions.some((transaction) => transaction.annotation(fromPage))) return;
  area.value = update.state.doc.toString();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function changed(update, area) {
  if (update.docChanged) rememberSoon(area, update.view);
  if (update.focusChanged || update.selectionSet || update.docChanged) lightRows(update.view);
}

// What follows a line that opens a block stands one step deeper.
const indents = indentService.of((context, at) =>
  context.lineIndent(at, -1) + (/[:{[]\s*$/.test(context.lineAt(at, -1).text) ? context.unit : 0));

// The blocks as the engine found them.
const folds = foldService.of((state, from, to) => state.field(shown).folds.find((fold) => fold.from >= from && fold.from <= to) ?? null);

/** Marks the rows of the traces that the cursor's line decided. */
function lightRows(view) {
  const decided = new Set(view.hasFocus ? rowsAt(view) : []);
  for (const row of document.querySelectorAll(".trace > .from-line")) if (!decided.has(row.id)) row.classList.remove("from-line");
  for (const id of decided) document.getElementById(id)?.classList.add("from-line");
}

function rowsAt({ state }) {
  const line = state.doc.lineAt(state.selection.main.head);
  return state.field(shown).deciding.filter(({ at }) => at >= line.from && at <= line.to).map(({ row }) => row);
}

/** The page opens a row when something that names it is clicked. */
function openRow(view, host, row = rowsAt(view)[0]) {
  if (!row) return false;
  host.dataset.row = row;
  host.click();
  delete host.dataset.row;
  return true;
}

function pressRows(event, host) {
  const row = event.target.closest?.(".rows")?.dataset.row;
  if (!row) return false;
  event.preventDefault();
  return openRow(null, host, row);
}

function nextFault(view) {
  const { faults } = view.state.field(shown);
  if (!faults.length) return false;
  const { head } = view.state.selection.main;
  const next = faults.find(({ from }) => from > head) ?? faults[0];
  view.dispatch({ selection: { anchor: next.from }, scrollIntoView: true, effects: EditorView.announce.of(next.text) });
  return true;
}

/** The end of a word that may go on. */
const WORD = /[\w@{}./-]$/;

/** The response inside an answer of the engine. */
const response = (answer) => (answer ? JSON.parse(answer).outcome.response : undefined);

const suggestions = (ask) => async (context) => {
  // Nothing is offered unasked where no word has begun.
  if (!context.explicit && !context.matchBefore(WORD)) return null;
  const text = context.state.doc.toString();
  const found = response(await ask("suggest", text, bytes(text, context.pos)))?.suggestions;
  if (!found?.items.length) return null;
  const from = places(text)(found.span.start);
  const typed = text.slice(from, context.pos);
  const options = found.items.filter((item) => item.text !== typed).map((item) => ({ label: item.text, detail: item.about }));
  if (!options.length || (!typed && !context.explicit)) return null;
  return { from, options, validFor: /^[\w@{}./-]*$/ };
};

async function meaning(view, at, ask) {
  const fault = view.state.field(shown).faults.find(({ from, to }) => from <= at && at <= to);
  if (fault) return tooltip(fault.from, fault.to, fault.text);
  const text = view.state.doc.toString();
  const found = response(await ask("explain", text, bytes(text, at)))?.explained;
  if (!found?.text) return null;
  const place = places(text);
  return tooltip(place(found.span.start), place(found.span.end), found.text);
}

function tooltip(pos, end, text) {
  const dom = document.createElement("div");
  dom.className = "meaning";
  dom.textContent = text;
  return { pos, end, above: true, create: () => ({ dom }) };
}
