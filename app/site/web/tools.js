// The tools of a lab, fetched when the first of them is opened: they ask the
// engine by themselves, draw into their <details>, and tell the program what
// changes the rest of the page.
import { connect, say } from "./tools/lab.js";
import { change } from "./tools/change.js";
import { machine } from "./tools/machine.js";
import { observe } from "./tools/observe.js";
import { search } from "./tools/search.js";
import { step } from "./tools/step.js";

const TOOLS = { step, change, search, observe, machine };

/** Fills a tool when it is opened for the first time; `tell` takes what the program is told. */
export function fill(details, tell) {
  if (details.dataset.filled !== undefined) return;
  details.dataset.filled = "";
  connect(tell);
  const body = say("div", { className: "pad stack" });
  details.append(body);
  TOOLS[details.dataset.tool](body);
}
