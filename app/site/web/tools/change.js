// Every single change that would turn an answer round, of a call or of a node.
import { apply, ask, button, calls, choice, difference, edited, field, front, nodeChoice, say, status, watch } from "./lab.js";

/** Draws the tool. */
export function change(body) {
  const node = nodeChoice(() => offer());
  const what = choice([]);
  const told = status();
  const list = say("ol", { className: "stack" });
  body.append(
    say("p", { className: "why" }, "Single changes of your files, or another node. Each was made in a copy of this lab and run, not guessed."),
    field("Node", node), field("What is to turn round", what),
    say("div", { className: "row" }, button("Find the changes", told, find)), told, list,
  );

  function offer() {
    const chosen = what.value;
    const rows = calls(node.value).map(({ id, text, answer }, index) => [String(id), `call ${index + 1}: ${text}: ${answer}`]);
    const options = [["", "the pod: that it runs, or runs protected"], ...rows];
    what.replaceChildren(...options.map(([value, title]) => say("option", { value }, title.replaceAll("`", ""))));
    if (options.some(([value]) => value === chosen)) what.value = chosen;
  }
  watch(() => {
    if (list.childNodes.length) told.textContent = "The lab has changed since: find the changes again.";
    list.replaceChildren();
  });

  async function find() {
    told.textContent = "Trying the changes …";
    const row = what.value === "" ? null : Number(what.value);
    const found = await ask({ what_if: { node: node.value, row } });
    told.textContent = found.length === 0
      ? "No single change does it: the answer is as it should be, or it takes more than one."
      : `${found.length === 1 ? "One change turns" : `${found.length} changes turn`} it round, the smallest first.`;
    list.replaceChildren(...found.map((one) => item(one, told, row !== null)));
  }
  offer();
}

function item({ label, file, edits, node, answer, also }, told, ofCall) {
  const after = file && edited(file, edits);
  const action = file
    ? button("Try it in the editor", told, () => { told.textContent = apply(file, edits); })
    : node && button("Show that node", told, () => {
      front("nodes");
      document.getElementById(`node-${node}`)?.scrollIntoView();
    });
  return say("li", { className: "sheet stack" },
    say("p", {}, ofCall ? `${label}. Then the answer is \`${answer}\`.` : `${label}. ${answer}`),
    ...(after ? [difference(after.before, after.text)] : []),
    also.length
      ? say("div", {}, say("p", {}, "It would change more than this:"), say("ul", { className: "also" }, also.map((row) => say("li", {}, row))))
      : say("p", { className: "why" }, "Nothing else of the workload would change."),
    ...(action ? [say("div", { className: "row" }, action)] : []));
}
