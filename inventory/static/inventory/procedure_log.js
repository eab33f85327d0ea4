// Every press on the logging page counts. A press is sent at once; those that come while its answer
// is under way wait and go together, also when the button they were on has been replaced meanwhile.
// "Log procedure" waits for them too. Without this script each press is a page of its own.
(() => {
  const pressed = [];
  let logNext = null;

  const form = () => document.getElementById("log");
  const busy = () => form().classList.contains("htmx-request");

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target !== form() || !button || button.name !== "do") return;
    if (button.value === "scan") {
      // Out of the box at once, so that the next scan finds it empty.
      const box = document.getElementById("scan");
      event.preventDefault();
      pressed.push(`scan:${box.value}`);
      box.value = "";
      box.focus();
      htmx.trigger(form(), "press");
    } else if (button.value !== "log") {
      event.preventDefault();
      pressed.push(button.value);
      htmx.trigger(form(), "press");
    } else if (busy()) {
      event.preventDefault();
      logNext = button;
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target === form()) event.detail.parameters.do = pressed.splice(0);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form()) return;
    document.getElementById("log-offline").hidden = event.detail.successful;
    const button = logNext;
    if (!button) return;
    // The next request in the queue starts once this event is over.
    setTimeout(() => {
      if (busy()) return;
      logNext = null;
      if (event.detail.successful) form().requestSubmit(button);
    });
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open], details.type-all[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
