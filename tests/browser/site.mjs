// A page of the site under observation: every test that uses this `test` also
// fails on an error or a warning in the console, on a failed request and on a
// violation of the content security policy.
import { test as base, expect } from "@playwright/test";

export { expect };

export const test = base.extend({
  faults: [async ({ page, baseURL }, use) => {
    const faults = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && origin !== new URL(baseURL).origin) faults.push(`to another host: ${request.url()}`);
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
