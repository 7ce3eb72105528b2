import { edit, expect, node, open, output, record, run, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

/** The diagnostics of the file that is shown. */
const faults = (page) => page.locator(".diags:visible .diag");

test("a syntax error in a profile is shown at its line, with what to type instead", async ({ page }) => {
  await open(page, PLAYGROUND);
  await edit(page, "k8s-deny-data", (profile) => profile.replace("deny /data/** w,", "deny /data/** w"));
  await expect(faults(page).first()).toBeVisible();
  await expect(faults(page).first()).toContainText(/line (9|10), column/);
  await expect(page.getByRole("tab", { name: /k8s-deny-data.*problem/ })).toBeVisible();
});

test("a field that the API does not know is shown at its place in the manifest", async ({ page }) => {
  await open(page, PLAYGROUND);
  await edit(page, "pod.yaml", (pod) => pod.replace("appArmorProfile:", "apparmorProfile:"));
  await expect(faults(page).filter({ hasText: "apparmorProfile" }).first()).toContainText("line 7, column");
});

test("a profile that no node holds is named where the pod stops", async ({ page }) => {
  await open(page, PLAYGROUND);
  await edit(page, "pod.yaml", (pod) => pod.replace("localhostProfile: k8s-deny-data", "localhostProfile: k8s-deny-dada"));
  await expect(node(page, "ubuntu")).toHaveAttribute("data-outcome", "refused to start");
  await expect(node(page, "ubuntu")).toContainText("k8s-deny-dada");
});

test("a command that does not exist is answered as a shell answers it", async ({ page }) => {
  await open(page, PLAYGROUND);
  await run(page, "ubuntu", "tuoch /data/x");
  await expect(output(page)).toContainText(/tuoch: (command )?not found/);
  await expect(output(page)).toContainText("127");
});

test("what was typed is there again after a reload, with its error", async ({ page }) => {
  await open(page, PLAYGROUND);
  const line = "  deny /srv/** q,\n}";
  await edit(page, "k8s-deny-data", (profile) => profile.replace(/}\s*$/, line));
  await expect(faults(page).first()).toBeVisible();
  await page.reload();
  await page.locator("html[data-live]").waitFor();
  await expect(record(page, "k8s-deny-data")).toHaveValue(new RegExp("deny /srv/\\*\\* q"));
  await expect(faults(page).first()).toBeVisible();
});
