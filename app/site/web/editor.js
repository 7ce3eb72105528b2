// The code editor, one module fetched on first use.
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, highlightActiveLine, drawSelection } from "@codemirror/view";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting, defaultHighlightStyle } from "@codemirror/language";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";

const LANGUAGES = { json, yaml };

/**
 * Opens an editor inside `host`. `language` is "json", "yaml" or anything else
 * for plain text; `onChange(text)` is called after every change by the person.
 * Gives `{ setText, focus, close }`.
 */
export function openEditor(host, text, language, label, onChange) {
  // In a shadow root the editor's styles are constructed style sheets; in the
  // document they would be a <style> element, which style-src 'self' refuses.
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();
  let told = true;
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), indentOnInput(), bracketMatching(),
        syntaxHighlighting(defaultHighlightStyle), lintGutter(), EditorView.lineWrapping,
        LANGUAGES[language]?.() ?? [],
        keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => { if (update.docChanged && told) onChange(update.state.doc.toString()); }),
      ],
    }),
  });
  return {
    setText(now) {
      told = false;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: now } });
      told = true;
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}
