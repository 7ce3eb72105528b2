import { edit, expect, node, open, row, test, WITHOUT_EITHER } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("a pod that asks for nothing runs silently unprotected on the node without AppArmor", async ({ page }) => {
  await open(page, PLAYGROUND);
  await expect(node(page, "kind")).toHaveAttribute("data-outcome", "refused to start");
  await edit(page, "pod.yaml", WITHOUT_EITHER);
  await expect(node(page, "kind")).toHaveAttribute("data-outcome", "silently unprotected");
  await expect(page.getByRole("list", { name: "What the nodes did" })).toContainText("kind silently unprotected");
  const touch = row(page, "kind", "/data/x").last();
  await expect(touch).toHaveAttribute("data-outcome", "silently unprotected");
  await expect(node(page, "ubuntu")).not.toHaveAttribute("data-outcome", "silently unprotected");
});
