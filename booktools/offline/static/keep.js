// The button that keeps the whole book on this device, or takes it away again. What it says comes
// from the service worker; where there is none, the page's own words stay.
(async function () {
  "use strict";
  const place = document.querySelector(".keep-offline");
  if (location.protocol === "file:" || !navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.ready;
  const PROBLEMS = {
    full: "The browser has no more room for this site. What was kept so far stays.",
    network: "The network was cut. What was kept so far stays; press the button to go on.",
    changed: "The book was changed just now. Load this page again, then press the button.",
  };

  const button = document.createElement("button");
  const progress = document.createElement("progress");
  const status = document.createElement("p");
  button.type = "button";
  progress.setAttribute("aria-label", "Kept so far");
  status.setAttribute("role", "status");
  place.replaceChildren(button, progress, status);

  function ask(what) {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      registration.active.postMessage({ ask: what }, [port2]);
    });
  }

  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

  function show({ kept, size, whole, problem }, running = false) {
    button.textContent = whole
      ? "Remove the book from this device"
      : `Keep the whole book on this device (${megabytes(size)})`;
    button.disabled = running;
    progress.hidden = !running;
    progress.max = size;
    progress.value = kept;
    if (problem) status.textContent = PROBLEMS[problem] || `It did not work: ${problem}`;
    else if (whole) {
      status.textContent =
        `The whole book is on this device, ${megabytes(size)}. ` +
        "Open it at its address, also without a network; a new version comes when there is one.";
    } else if (running) status.textContent = "Keeping the book.";
    else status.textContent = kept ? `Kept so far, by reading: ${megabytes(kept)}.` : "";
    return problem;
  }

  async function room(state) {
    const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) || {};
    return state.size - state.kept <= quota - usage;
  }

  button.addEventListener("click", async function () {
    let state = await ask("state");
    if (state.whole) {
      show(await ask("forget"));
      return;
    }
    if (!(await room(state))) {
      show({ ...state, problem: "full" });
      return;
    }
    navigator.storage?.persist?.(); // asks the browser not to throw it away for want of room
    while (!state.whole && !show(state, true)) state = await ask("more");
    show(state);
    button.focus(); // it was disabled meanwhile
  });

  show(await ask("state"));
})();
