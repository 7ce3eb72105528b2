import { expect, open, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("an embedded lab has its files, its answers and a way to the whole site, and no menu", async ({ page }) => {
  await open(page, `embed/${PLAYGROUND}`);
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(1);
  await expect(page.getByRole("link", { name: "Open in Armor Lab" })).toHaveAttribute("href", new RegExp(`/${PLAYGROUND}$`));
});
