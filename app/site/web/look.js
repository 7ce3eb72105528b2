// How a reader wants the pages to look: kept under "settings", shown as
// attributes of the root element. theme.js applies the same before the first paint.
import * as store from "./store.js";

/** Each choice with its values, the first one the default, which has no attribute. */
export const CHOICES = {
  theme: ["system", "light", "dark"],
  text: ["normal", "large", "larger"],
  motion: ["system", "less"],
};

/** The choices as they are kept; what is not one of the values is the default. */
export function read() {
  const kept = store.readOr("settings", {});
  return Object.fromEntries(Object.entries(CHOICES).map(([name, values]) => [name, values.includes(kept[name]) ? kept[name] : values[0]]));
}

/** Applies the choices to the page. */
export function show(choices = read()) {
  for (const [name, values] of Object.entries(CHOICES)) {
    if (choices[name] === values[0]) delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = choices[name];
  }
}
