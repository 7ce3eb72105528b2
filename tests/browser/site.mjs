// A page of the site under observation, and the parts of a lab by their names.
// Every test that uses this `test` also fails on an error or a warning in the
// console, on a failed request, on a request to another host and on a
// violation of the content security policy.
import { test as base, expect } from "@playwright/test";

export { expect };

export const test = base.extend({
  faults: [async ({ page, baseURL }, use) => {
    const faults = [];
    const { origin } = new URL(baseURL);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("requestfailed", (request) => {
      // What is under way when a page is left is given up: no fault.
      if (request.failure()?.errorText !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()}`);
    });
    page.on("request", (request) => {
      const to = new URL(request.url());
      if (to.protocol.startsWith("http") && to.origin !== origin) faults.push(`to another host: ${to}`);
    });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
    await use(faults);
    expect(faults).toEqual([]);
  }, { auto: true }],
});

/** Opens a page and waits until its program has made it live. */
export async function open(page, path = "") {
  await page.goto(path);
  await page.locator("html[data-live]").waitFor();
}

/** Opens the state of a page in a fresh profile, by the link that the page makes. */
export async function follow(page, browser, baseURL) {
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("textbox", { name: "Link to this state" }).inputValue();
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await open(other, link);
  await expect(other.locator("#share-told")).toContainText("These are the files of the link.");
  return other;
}

/** Answers the question that hides a lesson's outcome. */
export async function predict(page, option = 0) {
  const question = page.locator("#prediction");
  await question.getByRole("radio").nth(option).check();
  await question.getByRole("button", { name: "Show what happens" }).click();
}

/** The card of a node; its `data-outcome` says what became of the pod. */
export const node = (page, id) => page.locator(`#node-${id}`);

/** The rows of a node's trace whose sentence, answer and gates have all of `texts`. */
export function row(page, id, ...texts) {
  return texts.reduce((rows, hasText) => rows.filter({ has: page.locator("summary", { hasText }) }), page.locator(`[id^="row-${id}-"]`));
}

/** The text area of a file: the record of its text, also while the code editor covers it. */
export const record = (page, path) => page.locator(`textarea[aria-label="${path}, text of the file"]`);

/** The code editor of a file, its tab brought to the front. */
export async function editor(page, path) {
  // A tab says more than its file's name when the file has faults.
  const name = new RegExp(`^${path.replaceAll(".", "\\.")}(?![\\w.-])`);
  await page.getByRole("tab", { name }).click();
  const box = page.getByRole("textbox", { name: `${path}, text of the file`, exact: true });
  await box.focus();
  await expect(box).toHaveAttribute("contenteditable", "true");
  return box;
}

/** Changes a file as one who pastes: `change` gets its text and gives the new one. */
export async function edit(page, path, change) {
  const box = await editor(page, path);
  const before = await record(page, path).inputValue();
  const after = change(before);
  expect(after, "the change changes something").not.toBe(before);
  await box.press("ControlOrMeta+a");
  await box.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, after);
  await expect(record(page, path)).toHaveValue(after);
}

/** Runs a command in the terminal of a node. */
export async function run(page, id, command) {
  await page.locator("#terminal-node").selectOption(id);
  await page.locator("#terminal-input").fill(command);
  await page.locator("#terminal-input").press("Enter");
}

/** What the terminal shows. */
export const output = (page) => page.locator("#terminal-output");

/** The pod of the lesson with only its seccomp profile, or with neither. */
export const WITHOUT_APPARMOR = (pod) => pod.replace(/ {4}appArmorProfile:\n( {6}.*\n)+/, "");
export const WITH_SECCOMP = (pod) => WITHOUT_APPARMOR(pod).replaceAll("    # ", "    ");
export const WITHOUT_EITHER = (pod) => pod.replace(/ {2}securityContext:\n( {4}.*\n)+/, "");
