import { edit, expect, node, open, record, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

/** Chooses an example of the gallery. */
async function choose(page, name) {
  await page.getByText("Examples", { exact: true }).click();
  await page.getByRole("button", { name }).click();
}

test("an example puts its files in the place of those on the page, and the verdicts follow", async ({ page }) => {
  await open(page, PLAYGROUND);
  await expect(row(page, "ubuntu", "/data/note", "EACCES")).toHaveCount(0);
  await choose(page, /^Close the hard link/);
  await expect(page.locator("#share-told")).toHaveText("These are the files of the example.");
  await expect(page.locator("#examples")).not.toHaveAttribute("open");
  expect(await record(page, "k8s-deny-data").inputValue()).toContain("deny /data/** wl,");
  await expect(row(page, "ubuntu", "/data/note", "EACCES")).toHaveCount(1);
});

test("an example may have a fleet of its own", async ({ page }) => {
  await open(page, PLAYGROUND);
  await choose(page, /^One pod, six kinds of node/);
  await expect(node(page, "talos")).toHaveAttribute("data-outcome", /refused/);
  await expect(page.locator(".now li")).toHaveCount(6);
});

test("an example asks before it takes the place of what was typed", async ({ page }) => {
  await open(page, PLAYGROUND);
  await edit(page, "k8s-deny-data", (profile) => `# mine\n${profile}`);
  let asked = "";
  page.once("dialog", (dialog) => { asked = dialog.message(); return dialog.dismiss(); });
  await choose(page, /^Run privileged/);
  await expect(page.locator("#share-told")).toHaveText("Your files are as they were.");
  expect(asked).toContain("in the place of yours?");
  expect(await record(page, "k8s-deny-data").inputValue()).toContain("# mine");
});
