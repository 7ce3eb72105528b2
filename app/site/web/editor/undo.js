// What can be undone, kept on this device from one visit to the next. It is
// used only when the text is still the one it belongs to. The key and the form
// of a record are those of src/store.rs.
import { EditorState } from "@codemirror/state";
import { historyField } from "@codemirror/commands";

const SCHEMA = 1;
/** Longest record in characters; a longer history is not kept. */
const LONGEST = 200_000;
const WAIT_MS = 1_000;

const fields = { history: historyField };
const key = (area) => `armorlab.undo.${area.dataset.keep}`;
const timers = new WeakMap();

/** The first state: with the history that was kept, if it fits the text. */
export function remembered(area, config) {
  try {
    const { schema, value } = JSON.parse(localStorage.getItem(key(area)));
    if (schema === SCHEMA && value.doc === area.value) return EditorState.fromJSON(value, config, fields);
  } catch {
    // Nothing was kept, or it cannot be read: there is nothing to undo.
  }
  return EditorState.create({ ...config, doc: area.value });
}

/** Keeps the history now. */
export function remember(area, state) {
  clearTimeout(timers.get(area));
  const text = JSON.stringify({ schema: SCHEMA, value: state.toJSON(fields) });
  try {
    if (text.length > LONGEST) localStorage.removeItem(key(area));
    else localStorage.setItem(key(area), text);
  } catch {
    // The browser keeps nothing; the text itself is the page's to worry about.
  }
}

/** Keeps the history once nothing has been typed for a moment. */
export function rememberSoon(area, view) {
  clearTimeout(timers.get(area));
  timers.set(area, setTimeout(() => remember(area, view.state), WAIT_MS));
}
