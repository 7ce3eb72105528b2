// To a real machine and back: the lab as a folder, and what a real machine
// printed beside what was predicted.
import { ask, button, field, nodeChoice, put, say, status } from "./lab.js";

const VERDICTS = {
  same: "as predicted", different: "predicted otherwise", unrelated: "not about this lab",
  unexpected: "not predicted", missing: "predicted, and missing",
};

/** Draws the tool. */
export function machine(body) {
  const exported = status();
  const node = nodeChoice();
  const text = say("textarea", { rows: 7, spellcheck: false, autocapitalize: "off" });
  const told = status();
  const lines = say("ol", { className: "stack compared" });
  body.append(
    say("h4", {}, "Try it on your own Ubuntu machine"),
    say("p", {}, "One folder with your profiles and manifests, a script `verify.sh` that does the steps with the real tools and compares every result with the prediction, and a README. Read it before you run it."),
    say("div", { className: "row" }, button("Download the folder", exported, async () => {
      const { name, archive, problem } = await ask("export");
      if (problem) return void (exported.textContent = problem);
      const bytes = Uint8Array.from(atob(archive), (letter) => letter.charCodeAt(0));
      const link = say("a", { href: URL.createObjectURL(new Blob([bytes], { type: "application/zip" })), download: name });
      link.click();
      URL.revokeObjectURL(link.href);
      exported.textContent = `${name}: ${(bytes.length / 1000).toFixed(1)} KB. It was made on this device.`;
    })),
    exported,
    say("h4", {}, "Compare what it printed"),
    say("p", {}, "Paste the output of `dmesg`, `aa-status` or `kubectl describe pod`. Each line is put beside what the simulator predicts. Nothing leaves this page."),
    field("Node that it is compared with", node), field("Output of the real machine", text),
    say("div", { className: "row" }, button("Compare", told, async () => {
      if (!text.value.trim()) return void (told.textContent = "Paste the output first.");
      const { sentence, lines: compared } = await ask({ compare: { node: node.value, text: text.value } });
      put(told, sentence);
      lines.replaceChildren(...compared.map((line) => say("li", { className: `is-${line.verdict}` },
        say("b", {}, VERDICTS[line.verdict]),
        say("code", {}, document.createTextNode(line.text)),
        ...(line.note ? [say("span", { className: "why" }, line.note)] : []))));
    })),
    told, lines,
  );
}
