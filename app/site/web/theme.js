// Applies the reader's theme and text size before the first paint. The one
// script that a page waits for; what it reads is written by src/settings.rs.
try {
  const { theme, text } = JSON.parse(localStorage.getItem("armorlab.settings")).value;
  const { dataset } = document.documentElement;
  if (theme !== "system") dataset.theme = theme;
  if (text !== "normal") dataset.text = text;
} catch {
  // Nothing was chosen, or nothing may be kept: the system decides.
}
