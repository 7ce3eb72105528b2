// Keeps the site on this device, so that later visits need no network.
export async function register(script) {
  try {
    await navigator.serviceWorker?.register(script);
  } catch (error) {
    console.info("This browser keeps no offline copy:", error.message);
  }
}
