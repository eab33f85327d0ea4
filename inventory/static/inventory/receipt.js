// Every scan counts. A scan is taken out of the box at once, so that the next one finds it empty;
// those that come while an answer is under way wait and go together. What was typed into the list
// meanwhile stays. Without this script each scan is a page of its own.
(() => {
  const form = document.getElementById("receipt");
  const box = document.getElementById("scan");
  const offline = document.getElementById("receipt-offline");
  const waiting = [];
  let sent = [];
  let before = new Map();

  const fields = () => [...document.querySelectorAll("#receipt-list :is(input:not([type=hidden]), select)")];

  // Before htmx hears of it.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('button[value="scan"]')) return;
    if (box.value.trim()) waiting.push(box.value);
    box.value = "";
    box.focus();
  }, true);

  form.addEventListener("htmx:configRequest", (event) => {
    sent = waiting.splice(0);
    event.detail.parameters.scan = sent;
    before = new Map(fields().map((field) => [field.id, field.value]));
  });

  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "receipt-list") return;
    const typed = fields().filter((field) => before.has(field.id) && before.get(field.id) !== field.value);
    const edits = typed.map((field) => [field.id, field.value]);
    addEventListener("htmx:afterSwap", () => {
      for (const [id, value] of edits) {
        const field = document.getElementById(id);
        if (field) field.value = value;
      }
    }, { once: true });
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    offline.hidden = event.detail.successful;
    document.getElementById("photo").value = "";
    if (!event.detail.successful) waiting.unshift(...sent);
    sent = [];
  });
})();
