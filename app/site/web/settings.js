// The settings page: how the pages look, and what this device keeps.
import * as look from "./look.js";
import { begin } from "./page.js";
import * as store from "./store.js";

const told = document.getElementById("settings-told");
const tell = (text) => { told.textContent = text; };

function mark() {
  const choices = look.read();
  for (const input of document.querySelectorAll("[data-choice]")) input.checked = choices[input.dataset.choice] === input.value;
}

document.addEventListener("change", ({ target }) => {
  if (!target.dataset.choice) return;
  const choices = { ...look.read(), [target.dataset.choice]: target.value };
  look.show(choices);
  try {
    store.write("settings", choices);
    tell("");
  } catch (error) {
    tell(`This browser does not keep your choice: ${error.message}.`);
  }
});

document.getElementById("export").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([store.exported()], { type: "application/json" }));
  link.download = "armor-lab.json";
  link.click();
  URL.revokeObjectURL(link.href);
  tell("armor-lab.json holds everything that this device keeps.");
});

const chosen = document.getElementById("import");
chosen.addEventListener("change", async () => {
  const [file] = chosen.files;
  if (!file) return;
  const text = await file.text();
  chosen.value = "";
  if (store.names().length && !confirm("Replace everything that this device keeps by what is in the file?")) return;
  try {
    const count = store.restore(text);
    look.show();
    mark();
    tell(`Taken over: ${count} ${count === 1 ? "entry" : "entries"}. Your drafts, your progress and your settings are those of the file.`);
  } catch (error) {
    tell(`Nothing was changed: ${error.message}.`);
  }
});

document.getElementById("forget").addEventListener("click", () => {
  if (!confirm("Delete everything that this site keeps on this device? Drafts, progress and settings are lost.")) return;
  store.forgetAll();
  look.show();
  mark();
  tell("Everything is deleted.");
});

mark();
store.watch(mark);
begin();
