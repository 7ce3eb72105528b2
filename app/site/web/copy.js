// Copies what a terminal shows, its prompts and commands included and its own remarks left out:
// a button names the element (data-copy), and the status behind it says what came of that.

/** The text of an element as it would be selected, a line for each paragraph. */
const shown = (element) => [...element.querySelectorAll("p:not(.aside)")].map((line) => line.textContent).join("\n");

/** Hears the buttons of the page. */
export function listen() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button[data-copy]");
    if (!button) return;
    const element = document.getElementById(button.dataset.copy);
    const text = shown(element);
    let told = "There is nothing to copy yet.";
    if (text) {
      try {
        await navigator.clipboard.writeText(text);
        told = "Copied.";
      } catch {
        // Not a secure address, or not allowed: the browser's own way goes on working.
        getSelection().selectAllChildren(element);
        told = "It is selected: copy it with the browser.";
      }
    }
    button.nextElementSibling.textContent = told;
  });
}
