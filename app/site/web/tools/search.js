// Searches for a way past the guards: the goal, how far it has come, what came
// of it.
import { ask, button, choice, count, field, follow, front, nodeChoice, put, say, status } from "./lab.js";

const GOALS = [
  ["file_appears", "a file appears below a folder", "directory", "/data"],
  ["bytes_change", "the bytes of a file change", "path", "/data/secret"],
  ["executed", "a program is executed", "path", "/bin/sh"],
  ["unconfined", "the process runs unconfined"],
];

/** Draws the tool. */
export function search(body) {
  const goal = choice(GOALS);
  const path = say("input", { type: "text", value: GOALS[0][3], spellcheck: false, autocapitalize: "off" });
  const pathField = field("Path, as the attacker sees it", path);
  const attacker = choice([["container", "a shell in the pod's container"], ["user", "a user on the node, not root"]]);
  const node = nodeChoice();
  const depth = say("input", { type: "number", min: 1, max: 8, value: 4 });
  const told = status();
  const bar = say("progress", { max: 1, "aria-label": "States of this length that were tried" });
  const numbers = say("span", { className: "label" });
  const progress = say("div", { className: "row", hidden: true }, bar, numbers, button("Stop", told, () => ask("stop_search")));
  const result = say("div", { className: "stack" });
  const start = button("Search", told, begin, "btn sm pri");
  goal.addEventListener("change", () => {
    const [, , kind, example] = GOALS.find(([id]) => id === goal.value);
    pathField.hidden = !kind;
    if (kind) path.value = example;
  });
  body.append(
    say("p", { className: "why" }, "Tries every sequence of system calls up to a length, in copies of the node. What it tries is listed below."),
    field("The attacker is after this", goal), pathField, field("Who attacks", attacker), field("Node", node),
    field("Most calls of an attack, 1 to 8", depth), say("div", { className: "row" }, start), progress, told, result, alphabet(told),
  );

  let began = 0;
  let running = false;
  async function begin() {
    const calls = depth.valueAsNumber;
    if (!(calls >= 1 && calls <= 8)) return void (told.textContent = "The number of calls is from 1 to 8.");
    const [id, , kind] = GOALS.find(([name]) => name === goal.value);
    result.replaceChildren();
    told.textContent = "Searching …";
    began = performance.now();
    running = true;
    const order = {
      goal: kind ? { [id]: { [kind]: path.value.trim() } } : id,
      attacker: attacker.value === "user" ? { user: { uid: 1000 } } : { container: {} },
      nodes: [node.value], depth: calls,
    };
    try {
      show(await ask({ search: { order } }));
    } catch (error) {
      running = false;
      progress.hidden = true;
      throw error;
    }
  }
  follow((view) => {
    if (!running) return;
    if (view) return show(view);
    running = false;
    progress.hidden = true;
    told.textContent = "The simulator stopped. Search again to start it afresh.";
  });

  function show(view) {
    running = view.state === "running";
    const took = Math.max(performance.now() - began, 1);
    if (running) {
      const done = Math.max(view.states - view.waiting, 0);
      // The states that wait at the pace so far; longer attacks find more of them.
      const left = done ? (took / done) * view.waiting : 0;
      bar.value = view.states ? done / view.states : 0;
      numbers.textContent = `attacks of ${view.length} of ${view.depth} calls · ${count(view.calls)} calls tried · ${count(view.states)} states, ${count(view.waiting)} waiting · at least ${left < 1500 ? "a second" : `${count(Math.ceil(left / 1000))} seconds`} left`;
    } else {
      put(told, `${view.sentence} It took ${(took / 1000).toFixed(1)} seconds.`);
      result.replaceChildren(...(view.attack ? attack(view.attack, told) : []));
    }
    progress.hidden = !running;
  }
}

function attack({ node, script }, told) {
  return [
    say("h4", {}, `The attack on ${node}`),
    say("pre", { className: "term", tabIndex: 0, role: "region", "aria-label": "The attack as strace writes it" }, document.createTextNode(script.join("\n"))),
    say("div", { className: "row" }, button("Replay it on the node", told, async () => {
      await ask("replay");
      front("trace");
      told.textContent = `The calls stand at the end of the trace on ${node}, each with what the gates said.`;
    })),
  ];
}

/** What is tried, and what is not; asked for when it is opened. */
function alphabet(told) {
  const list = say("div", { className: "stack" });
  const details = say("details", {}, say("summary", {}, "What a search tries, and what none tries"), list);
  details.addEventListener("toggle", async () => {
    if (!details.open || list.childNodes.length) return;
    try {
      const { letters, left_out: leftOut } = await ask("alphabet");
      list.replaceChildren(
        say("ul", { className: "also" }, letters.map(({ does, calls, on }) => say("li", {}, `${does}, on ${on}: \`${calls.join(", ")}\``))),
        say("h4", {}, "Left out"), say("ul", { className: "also" }, leftOut.map((line) => say("li", {}, line))));
    } catch (error) {
      told.textContent = error.message;
    }
  });
  return details;
}
