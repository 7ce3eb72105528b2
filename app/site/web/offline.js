// Keeps the site on this device, so that later visits need no network, and
// says when a new version lies ready. Nothing is reloaded under a learner.
export async function register(script) {
  try {
    const registration = await navigator.serviceWorker?.register(script);
    if (!registration) return;
    const offer = () => { if (registration.waiting && navigator.serviceWorker.controller) tell(registration); };
    offer();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", offer);
    });
  } catch (error) {
    console.info("This browser keeps no offline copy:", error.message);
  }
}

/** Shows the note that the pre-renderer put at the foot of every page. */
function tell(registration) {
  const note = document.getElementById("update");
  if (!note?.hidden) return;
  note.hidden = false;
  note.querySelector("button").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("update");
  });
}
