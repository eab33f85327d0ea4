// Every press on the receive page counts, and every scan. A scan is taken out of the box at once, so
// that the next one finds it empty; what comes while an answer is under way waits its turn. What was
// typed into the list meanwhile stays. "Receive it" waits for all of it. Without this script each
// press is a page of its own.
(() => {
  const form = document.getElementById("receipt");
  const box = document.getElementById("scan");
  const offline = document.getElementById("receipt-offline");
  const waiting = [];
  let sent = [];
  let before = new Map();
  let unseen = false;
  let looking = 0;
  let underWay = 0;
  let receiveNext = null;

  const fields = () => [...document.querySelectorAll("#receipt-list :is(input:not([type=hidden]), select)")];
  // What is marked comes first, else the scanner.
  if (!form.querySelector(".field-wrong")) box.focus({ preventScroll: true });

  const send = () => htmx.trigger(form, "press");

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "do") {
      if (!underWay && !waiting.length) return;
      event.preventDefault();
      receiveNext = button;
      if (!underWay) send();
      return;
    }
    event.preventDefault();
    const scanned = button.value === "scan" ? box.value.trim() : "";
    waiting.push({ press: button.value, scanned });
    if (scanned) box.value = "";
    send();
  });

  // What was typed into a line is looked at once the hand has left the field: a known lot has its
  // expiry date, and a held one a warning. A date that is half typed would be lost.
  const look = () => {
    clearTimeout(looking);
    looking = setTimeout(() => {
      if (document.activeElement?.type !== "date") send();
    }, 300);
  };
  form.addEventListener("change", (event) => {
    if (event.target.closest("#receipt-list, #id_supplier")) unseen = true;
  });
  for (const type of ["change", "focusout"]) form.addEventListener(type, () => unseen && look());

  form.addEventListener("htmx:configRequest", ({ detail }) => {
    unseen = false;
    clearTimeout(looking);
    // Scans in a row go together, any other press by itself.
    const scans = waiting.findIndex(({ press }) => press !== "scan");
    sent = waiting.splice(0, scans < 0 ? waiting.length : scans || 1);
    const presses = sent.map(({ press }) => press);
    detail.parameters.do = presses.slice(0, 1);
    if (sent.length) detail.parameters.scan = sent.map(({ scanned }) => scanned);
    else delete detail.parameters.scan;
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
      // A scanner types wherever the cursor is: where the pressed button is gone, into the box.
      if (document.activeElement === document.body) box.focus({ preventScroll: true });
    }, { once: true });
  });

  form.addEventListener("htmx:beforeRequest", () => (underWay += 1));
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    underWay -= 1;
    offline.hidden = detail.successful;
    if (!detail.successful) waiting.unshift(...sent);
    sent = [];
    const button = receiveNext;
    receiveNext = null;
    // The next request in the queue starts once this event is over.
    if (button && detail.successful) setTimeout(() => form.requestSubmit(button));
  });
})();
