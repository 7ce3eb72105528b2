// What is shown on a text: colours, faults, deciding lines with their rows.
import { Decoration, EditorView, GutterMarker, WidgetType, gutterLineClass } from "@codemirror/view";
import { RangeSet, StateEffect, StateField } from "@codemirror/state";

/** The engine has said something about the text as it is now. */
export const told = StateEffect.define();

/** Whether it has in this update. */
export const hasTold = ({ transactions }) => transactions.some(({ effects }) => effects.some((effect) => effect.is(told)));

const nothing = { decorations: Decoration.none, gutter: RangeSet.empty, faults: [], deciding: [], folds: [] };

/** What was last said, moved along with what is typed until the next answer. */
export const shown = StateField.define({
  create: () => nothing,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(told)) return effect.value(transaction.state.doc);
    return transaction.docChanged ? moved(value, transaction.changes) : value;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (value) => value.decorations),
    gutterLineClass.from(field, (value) => value.gutter),
  ],
});

/** Reads a FileView; the result waits for the text that it is about. */
export const marks = (file, lit, place) => (doc) => {
  const at = (byte) => Math.min(place(byte), doc.length);
  const ranges = [];
  const gutter = [];
  for (const { start, end, kind } of file.tokens) {
    if (kind !== "punctuation" && at(start) < at(end)) ranges.push(Decoration.mark({ class: `t-${kind}` }).range(at(start), at(end)));
  }
  const faults = file.diagnostics.map(({ severity, span, title, why }) => ({
    from: at(span.start), to: Math.max(at(span.end), Math.min(at(span.start) + 1, doc.length)),
    hint: severity === "hint", text: [title, why].filter(Boolean).join(" "),
  }));
  const lines = new Map(); // first offset → { classes, rows }
  const line = (offset) => {
    const { from, to } = doc.lineAt(offset);
    if (!lines.has(from)) lines.set(from, { classes: [], rows: [], to });
    return lines.get(from);
  };
  for (const { from, to, hint } of faults) {
    if (from < to) ranges.push(Decoration.mark({ class: hint ? "squig info" : "squig" }).range(from, to));
    if (!hint) line(from).classes.push("warned");
  }
  const deciding = file.deciding.map(({ span, node, row }) => ({ at: at(span.start), node, number: row, row: `row-${node}-${row}` }));
  for (const mark of deciding) {
    const { classes, rows } = line(mark.at);
    classes.push("decides");
    if (lit && lit[0] === mark.node && lit[1] === mark.number) classes.push("lit");
    rows.push(mark);
  }
  for (const [from, { classes, rows, to }] of lines) {
    const name = [...new Set(classes)].join(" ");
    ranges.push(Decoration.line({ class: name }).range(from));
    gutter.push(new LineClass(name).range(from));
    if (rows.length) ranges.push(Decoration.widget({ widget: new Rows(rows), side: 1 }).range(to));
  }
  const folds = (file.folds ?? []).map(({ start, end }) => ({ from: at(start), to: at(end) }));
  return { decorations: Decoration.set(ranges, true), gutter: RangeSet.of(gutter, true), faults, deciding, folds };
};

function moved(value, changes) {
  const range = (from, to) => ({ from: changes.mapPos(from, 1), to: changes.mapPos(to, -1) });
  return {
    decorations: value.decorations.map(changes), gutter: value.gutter.map(changes),
    faults: value.faults.map((fault) => ({ ...fault, ...range(fault.from, fault.to) })),
    deciding: value.deciding.map((mark) => ({ ...mark, at: changes.mapPos(mark.at) })),
    folds: value.folds.map(({ from, to }) => range(from, to)).filter(({ from, to }) => from < to),
  };
}

class LineClass extends GutterMarker {
  constructor(name) {
    super();
    this.elementClass = name;
  }
  eq(other) {
    return other.elementClass === this.elementClass;
  }
}

/** The numbers of the rows that a line decided, at its end; they lead to the first. */
class Rows extends WidgetType {
  constructor(marks) {
    super();
    const numbers = [...new Set(marks.map((mark) => mark.number))].sort((a, b) => a - b);
    this.text = `${numbers.length === 1 ? "row" : "rows"} ${numbers.join(", ")}`;
    this.row = marks[0].row;
  }
  eq(other) {
    return other.text === this.text && other.row === this.row;
  }
  ignoreEvent() {
    return false;
  }
  toDOM() {
    const dom = document.createElement("span");
    dom.className = "rows";
    dom.dataset.row = this.row;
    dom.textContent = this.text;
    return dom;
  }
}
