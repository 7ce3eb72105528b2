import { edit, expect, open, row, run, output, test, WITH_SECCOMP } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("under a seccomp profile that forbids mkdir, mkdir fails and touch passes", async ({ page }) => {
  await open(page, PLAYGROUND);
  await edit(page, "pod.yaml", WITH_SECCOMP);
  const mkdir = row(page, "ubuntu", "mkdir", "EPERM");
  await expect(mkdir).toHaveAttribute("data-outcome", "blocked");
  await mkdir.locator("summary").click();
  await expect(mkdir.locator(".rule").first()).toContainText("mkdir");
  await expect(row(page, "ubuntu", "touch", /E(ACCES|PERM)/)).toHaveCount(0);
  await run(page, "ubuntu", "kubectl exec writer -- touch /data/y");
  await expect(output(page)).toContainText("no output, exit code 0");
});
