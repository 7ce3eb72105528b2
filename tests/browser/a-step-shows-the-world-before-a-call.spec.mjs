import { expect, open, run, output, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

const tool = (page) => page.locator('[data-tool="step"]');

async function opened(page) {
  await open(page, PLAYGROUND);
  await tool(page).locator("summary").click();
  await expect(tool(page).getByRole("status")).toContainText("the node as it is now");
}

test("a step back shows the files, the processes and the profiles before the call, and a step forth goes back to now", async ({ page }) => {
  await opened(page);
  const files = tool(page).getByRole("region", { name: "Files" });
  await expect(files).toContainText("/data/note");
  await tool(page).getByRole("button", { name: "Back" }).click();
  await expect(tool(page).getByRole("status")).toContainText("makes /data/note a second name of /tmp/note");
  await expect(files).not.toContainText("/data/note");
  await expect(tool(page)).toContainText("/data/note comes to be.");
  await expect(tool(page).getByRole("region", { name: "Processes" })).toContainText("k8s-deny-data (enforce)");
  await tool(page).getByRole("button", { name: "Forth" }).click();
  await expect(files).toContainText("/data/note");
});

test("a mount is there from its call on, and not before", async ({ page }) => {
  await opened(page);
  await run(page, "ubuntu", "mount --bind /etc /tmp");
  await expect(row(page, "ubuntu", "mount")).not.toHaveCount(0);
  const slider = tool(page).getByRole("slider", { name: "Step" });
  const mounts = tool(page).getByRole("region", { name: "Mounts" });
  const place = mounts.getByRole("cell", { name: "/tmp", exact: true });
  // What was typed has made the slider longer.
  await slider.press("ArrowLeft");
  await slider.press("End");
  await expect(place).toHaveCount(1);
  await slider.press("Home");
  await expect(mounts.getByRole("cell", { name: "/", exact: true })).not.toHaveCount(0);
  await expect(place).toHaveCount(0);
});

test("the slider goes by the keyboard, and the row of its call is marked", async ({ page }) => {
  await opened(page);
  const slider = tool(page).getByRole("slider", { name: "Step" });
  await slider.focus();
  await slider.press("Home");
  await expect(slider).toHaveAttribute("aria-valuetext", /^Before call 1 of/);
  await expect(page.locator('[aria-current="step"]')).toHaveCount(1);
  await slider.press("End");
  await expect(page.locator('[aria-current="step"]')).toHaveCount(0);
});

test("what was typed can be undone from a call on", async ({ page }) => {
  await opened(page);
  await run(page, "ubuntu", "kubectl exec writer -- mkdir /tmp/later");
  await expect(output(page)).toContainText("mkdir /tmp/later");
  await expect(row(page, "ubuntu", "/tmp/later")).not.toHaveCount(0);
  await tool(page).getByRole("button", { name: "Back" }).click();
  await expect(tool(page).getByRole("status")).toContainText("Before call");
  await tool(page).getByRole("button", { name: "Undo what was typed from here on" }).click();
  await expect(row(page, "ubuntu", "/tmp/later")).toHaveCount(0);
});
