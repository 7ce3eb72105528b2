// Steps back and forth through a node's calls, and shows its world as of each.
import { ask, button, calls, field, nodeChoice, say, status, table } from "./lab.js";

const CHANGES = {
  appeared: (about) => `\`${about}\` comes to be.`,
  vanished: (about) => `\`${about}\` is gone.`,
  leads_elsewhere: (about) => `\`${about}\` leads to another object.`,
  content: (about) => `The bytes of \`${about}\` change.`,
  owner_or_mode: (about) => `The owner or the mode of \`${about}\` changes.`,
  label: (about) => `The caller gets the label \`${about}\`.`,
  opened: (about) => `The caller gets the descriptor ${about}.`,
  logged: (about) => `${about} written to the kernel's log.`,
};

/** Draws the tool. */
export function step(body) {
  const node = nodeChoice(() => show());
  const slider = say("input", { type: "range", min: 0, step: 1, className: "steps" });
  const told = status();
  const world = say("div", { className: "stack" });
  const go = (by) => {
    slider.value = slider.valueAsNumber + by;
    return show();
  };
  const back = button("Back", told, () => go(-1));
  const forth = button("Forth", told, () => go(1));
  const rewind = button("Undo what was typed from here on", told, async () => {
    const at = calls(node.value)[slider.valueAsNumber];
    if (!at) return void (told.textContent = "This is now: there is nothing to undo.");
    await ask({ rewind: { node: node.value, row: at.id } });
  });
  body.append(
    say("p", { className: "why" }, "The node as it was just before a call: the files and the mounts that the caller sees, the processes with their labels, the profiles that the kernel holds."),
    field("Node", node), field("Step", slider), say("div", { className: "row" }, back, forth), told, world, say("div", { className: "row" }, rewind),
  );
  slider.addEventListener("input", () => show());

  let wanted = 0;
  let known = "";
  async function show() {
    const rows = calls(node.value);
    // Calls that were added or taken away: the end of the slider is now.
    const sign = `${node.value} ${rows.map(({ id }) => id)}`;
    const first = known.split(" ")[0] !== node.value;
    known = sign;
    const last = Number(slider.max);
    const atEnd = first || slider.valueAsNumber === last;
    slider.max = rows.length;
    if (atEnd && first) slider.value = rows.length;
    const at = Math.min(slider.valueAsNumber, rows.length);
    const call = rows[at];
    document.querySelectorAll("#lab .trace .at-step").forEach((row) => { row.classList.remove("at-step"); row.removeAttribute("aria-current"); });
    call?.row.classList.add("at-step");
    call?.row.setAttribute("aria-current", "step");
    const words = call ? `Before call ${at + 1} of ${rows.length}: ${call.text}, answered ${call.answer}.`
      : rows.length ? `After all ${rows.length} calls: the node as it is now.` : "No call was made on this node: this is the node as it is now.";
    slider.setAttribute("aria-valuetext", words);
    told.textContent = words;
    const mine = wanted += 1;
    try {
      const row = call ? call.id : (rows.at(-1)?.id ?? 0) + 1;
      const view = await ask({ look: { node: node.value, row } });
      if (mine === wanted) world.replaceChildren(...drawn(view, Boolean(call)));
    } catch (error) {
      if (mine === wanted) world.replaceChildren(say("p", {}, error.message));
    }
  }
  show();
}

/** What every image has; what a lab is about comes before it. */
const SYSTEM = /^\/(bin|dev|etc|lib|lib64|proc|sbin|sys|usr)\b/;

function drawn({ tree: names, cut, mounts, tasks, profiles, changes }, before) {
  const tree = [false, true].flatMap((system) => names.filter(({ path }) => SYSTEM.test(path) === system));
  const next = changes.length
    ? say("ul", { className: "also" }, changes.map(({ kind, about }) => say("li", {}, CHANGES[kind](about))))
    : say("p", {}, "Nothing in the world: it only asks, or it is refused.");
  return [
    ...(before ? [say("h4", {}, "What the call changes"), next] : []),
    say("h4", {}, "Files that the caller sees"),
    tree.length ? table("Files", ["Name", "Inode", "Names", "Mode", "Owner", "Size"],
      tree.map(({ path, inode, links, mode, uid, size }) => [say("code", {}, path), String(inode), String(links), say("code", {}, mode), String(uid), String(size)]))
      : say("p", {}, "No container runs here, so there is nothing that it sees."),
    ...(cut ? [say("p", { className: "why" }, "There are more names than are shown.")] : []),
    ...(mounts.length ? [
      say("h4", {}, "Mounts that the caller sees"),
      table("Mounts", ["Place", "What", "Filesystem", "Options"],
        mounts.map(({ at, source, kind, options }) => [at, source, kind, options].map((word) => say("code", {}, word)))),
    ] : []),
    say("h4", {}, "Processes and their labels"),
    table("Processes", ["Id", "Program", "Label"], tasks.map(({ pid, comm, label }) => [String(pid), say("code", {}, comm), say("code", {}, label)])),
    say("h4", {}, "Profiles in the kernel"),
    profiles.length ? say("ul", { className: "also" }, profiles.map(({ name, mode }) => say("li", {}, `\`${name}\` (${mode})`))) : say("p", {}, "None."),
  ];
}
