// Runs the workload under a profile that only complains, and proposes rules
// for what was seen.
import { apply, ask, button, difference, edited, field, files, nodeChoice, put, say, status, whole } from "./lab.js";

const WIDTHS = { exact: "just what was asked for", globbed: "patterns around it", abstraction: "abstractions that contain it" };

/** Draws the tool. */
export function observe(body) {
  const node = nodeChoice();
  const told = status();
  const result = say("div", { className: "stack" });
  body.append(
    say("p", { className: "why" }, "Runs the workload, and what you typed, in a copy of the node where the profile only complains and the filter only logs. Then it proposes rules for what was seen, and runs them enforced."),
    field("Node", node),
    say("div", { className: "row" }, button("Observe", told, async () => {
      told.textContent = "Observing …";
      const seen = await ask({ observe: { node: node.value } });
      put(told, seen.sentence);
      result.replaceChildren(...drawn(seen, told));
    })),
    told, result,
  );
}

const list = (items) => say("ul", { className: "also" }, items.map((item) => say("li", {}, item)));
const code = (text, title) => say("pre", { className: "term", tabIndex: 0, role: "region", "aria-label": title }, document.createTextNode(text));

function refused(what) {
  return what.length
    ? say("div", {}, say("p", {}, "Enforced, this was still refused:"), list(what))
    : say("p", {}, "Enforced, nothing of the workload was refused.");
}

function drawn({ seen, denied, profiles, filter }, told) {
  return [
    ...(seen.length ? [say("h4", {}, "What was let pass and written down"), say("ol", { className: "stack" }, seen.map(({ record, count, commands, rules }) => say("li", {},
      code(record, "The record"),
      say("p", { className: "why" }, `${count} ×${commands.length ? `, from ${commands.map((command) => `\`${command}\``).join(", ")}` : ""}`),
      list(rules.map(({ width, rule }) => `\`${rule}\`: ${WIDTHS[width]}`)))))] : []),
    ...(denied.length ? [say("h4", {}, "Refused all the same: a plain deny is in force in every mode, and says nothing"), list(denied)] : []),
    ...profiles.flatMap(({ width, rules, file, edits, refused: still }) => {
      const after = edited(file, edits);
      return [
        say("h4", {}, `Rules for ${WIDTHS[width]}`),
        after ? difference(after.before, after.text) : list(rules.map((rule) => `\`${rule}\``)),
        refused(still),
        say("div", { className: "row" }, button(`Insert into ${file}`, told, () => { told.textContent = apply(file, edits); })),
      ];
    }),
    ...(filter ? [
      say("h4", {}, "A seccomp profile of the calls that were seen"),
      say("details", {}, say("summary", {}, "Show its text"), code(filter.text, "The seccomp profile")),
      refused(filter.refused),
      say("div", { className: "row" }, ...files(".json").map((file) => button(`Put it in the place of ${file}`, told, () => { told.textContent = apply(file, whole(filter.text)); }))),
    ] : []),
  ];
}
