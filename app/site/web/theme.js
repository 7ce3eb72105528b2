// Applies the reader's choices before the first paint. The one script that a
// page waits for; what it reads is written by settings.js, and look.js knows the values.
try {
  const { dataset } = document.documentElement;
  for (const [name, value] of Object.entries(JSON.parse(localStorage.getItem("armorlab.settings")).value)) {
    if (!["system", "normal"].includes(value)) dataset[name] = value;
  }
} catch {
  // Nothing was chosen, or nothing may be kept: the system decides.
}
