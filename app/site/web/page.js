// What every page does: shows progress, follows other tabs, keeps the site for
// later visits. The pre-renderer puts this module's script tag into pages that
// need no program; boot.js does the same on those that do.
import * as look from "./look.js";
import { register } from "./offline.js";
import { follow } from "./progress.js";
import * as store from "./store.js";

/** To be called once, when the page is as it will be. */
export function begin() {
  look.show();
  store.watch((name) => { if (name === "settings" || name === "") look.show(); });
  follow();
  const { dataset } = document.querySelector("script[data-page]");
  if (dataset.offline !== undefined) register(new URL("../sw.js", import.meta.url));
  document.documentElement.dataset.live = "";
}
