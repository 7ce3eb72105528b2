// The editor's looks. It takes the page's tokens, which reach into the shadow
// root as custom properties; --code-size, --gutter, --decided and --rows are
// set in static/style/editor.css.
import { EditorView } from "@codemirror/view";

const MARGIN = "var(--s4)";

export const theme = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--ink)", minHeight: "12rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "-3px" },
  ".cm-scroller": { font: "400 var(--code-size)/1.7 var(--code)", fontVariantLigatures: "none", overflowX: "hidden" },
  ".cm-content": { padding: "var(--s3) 0", caretColor: "var(--accent)", minHeight: "12rem" },
  ".cm-content ::selection, .cm-content::selection": { backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)" },
  // A wrapped line hangs by two letters.
  ".cm-line": { position: "relative", padding: `0 ${MARGIN} 0 2ch`, textIndent: "-2ch" },
  ".cm-gutters": { backgroundColor: "transparent", border: "0", color: "var(--ink-3)", width: "var(--gutter)", justifyContent: "space-between" },
  ".cm-lineNumbers": { flex: "1" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0", minWidth: "0", textAlign: "right", fontSize: "0.87em", lineHeight: "1.95" },
  ".cm-foldGutter": { width: "1rem" },
  ".cm-foldGutter .cm-gutterElement": { padding: "0", textAlign: "center", cursor: "pointer" },
  ".cm-gutterElement.decides": { backgroundColor: "var(--decided-bg)" },
  ".cm-lineNumbers .cm-gutterElement.decides": { boxShadow: "inset 4px 0 0 var(--decided)" },
  ".cm-lineNumbers .cm-gutterElement.warned": { boxShadow: "inset 4px 0 0 var(--fault)" },
  ".cm-line.decides": { backgroundColor: "var(--decided-bg)" },
  ".cm-line.lit": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".rows": {
    display: "var(--rows)", position: "absolute", right: "var(--s3)", bottom: "0", textIndent: "0", paddingInline: "3em 0.3em",
    font: "400 var(--t-1)/1.9 var(--code)", color: "var(--blocked)", cursor: "pointer", textDecoration: "underline",
    background: "linear-gradient(to right, transparent, var(--blocked-bg) 2.5em)",
  },
  ".squig": { textDecoration: "underline wavy var(--fault) 1.5px", textUnderlineOffset: "0.28em", textDecorationSkipInk: "none" },
  ".squig.info": { textDecoration: "underline dotted var(--hint) 2px" },
  ".t-keyword": { color: "var(--syn-key)" },
  ".t-permissions": { color: "var(--syn-perm)", fontWeight: "600" },
  ".t-path, .t-string": { color: "var(--syn-path)" },
  ".t-number, .t-variable": { color: "var(--syn-perm)" },
  ".t-comment": { color: "var(--syn-com)" },
  ".t-error": { color: "var(--fault)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunk)", border: "1px solid var(--line-2)", color: "var(--ink-2)", padding: "0 0.4em" },
  ".cm-tooltip": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line-2)", borderRadius: "var(--r)", boxShadow: "var(--shadow)" },
  ".cm-tooltip .meaning": { maxWidth: "min(26rem, 90vw)", padding: "var(--s2) var(--s3)", font: "400 var(--t0)/1.5 var(--text)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--code)", fontSize: "var(--t0)", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem var(--s3)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
});
