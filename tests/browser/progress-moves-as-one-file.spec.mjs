import { readFile } from "node:fs/promises";
import { expect, open, test } from "./site.mjs";
import { LESSON } from "./settings.mjs";

test("progress goes into a file, and from the file into another browser, where the course goes on", async ({ page, browser, baseURL }) => {
  await open(page, LESSON);
  await page.getByRole("button", { name: "Mark as done" }).click();
  await expect(page.getByRole("button", { name: "Done" })).toHaveAttribute("aria-pressed", "true");
  await open(page, "settings/");
  await page.getByLabel("Dark").check();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save all of it as a file" }).click()]);
  const file = { name: "armor-lab.json", mimeType: "application/json", buffer: await readFile(await download.path()) };

  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await open(other, "settings/");
  await other.locator("#import").setInputFiles({ ...file, buffer: Buffer.from("{}") });
  await expect(other.getByText("Nothing was changed: the file is not an export of Armor Lab.")).toBeVisible();
  await other.locator("#import").setInputFiles(file);
  await expect(other.getByText(/Taken over: \d entries/)).toBeVisible();
  await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
  await open(other);
  const lessons = other.locator("[data-lesson]");
  await expect(other.getByText(`1 of ${await lessons.count()} lessons done`)).toBeVisible();
  await expect(other.locator('[data-lesson="two-guards"]')).toHaveAttribute("data-state", "done");
  const on = other.getByRole("link", { name: /^Continue: / });
  const next = await lessons.nth(1).getAttribute("data-lesson");
  await expect(on).toHaveAttribute("href", new RegExp(`/lessons/${next}/$`));
  await context.close();
});

test("everything can be deleted, after a question", async ({ page }) => {
  await open(page, "settings/");
  await page.getByLabel("A quarter larger").check();
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("button", { name: "Delete all of it" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-text", "larger");
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Delete all of it" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-text");
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
