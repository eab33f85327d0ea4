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
  let unseen = false;
  let looking = 0;
  let underWay = 0;
  let receiveNext = null;

  const fields = () => [...document.querySelectorAll("#receipt-list :is(input:not([type=hidden]), select)")];

  // Before htmx hears of it.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('button[value="scan"]')) return;
    if (box.value.trim()) waiting.push(box.value);
    box.value = "";
    box.focus();
  }, true);

  // What was typed into a line is looked at once the hand has left the field: a known lot has its
  // expiry date, and a held one a warning. A date that is half typed would be lost.
  const look = () => {
    clearTimeout(looking);
    looking = setTimeout(() => {
      if (document.activeElement?.type !== "date") htmx.trigger(form, "look");
    }, 300);
  };
  form.addEventListener("change", (event) => {
    if (event.target.closest("#receipt-list, #id_supplier")) unseen = true;
  });
  for (const type of ["change", "focusout"]) form.addEventListener(type, () => unseen && look());

  form.addEventListener("htmx:configRequest", (event) => {
    sent = waiting.splice(0);
    unseen = false;
    clearTimeout(looking);
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
      // A scanner types wherever the cursor is: where the pressed button is gone, into the box.
      if (document.activeElement === document.body) box.focus({ preventScroll: true });
    }, { once: true });
  });

  // "Receive it" waits for what was scanned before it.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "do" || !(underWay || waiting.length)) return;
    event.preventDefault();
    receiveNext = event.submitter;
    if (!underWay) htmx.trigger(form, "look");
  });

  form.addEventListener("htmx:beforeRequest", () => (underWay += 1));
  form.addEventListener("htmx:afterRequest", (event) => {
    underWay -= 1;
    offline.hidden = event.detail.successful;
    document.getElementById("photo").value = "";
    if (!event.detail.successful) waiting.unshift(...sent);
    sent = [];
    const button = receiveNext;
    receiveNext = null;
    // The next request in the queue starts once this event is over.
    if (button && event.detail.successful) setTimeout(() => form.requestSubmit(button));
  });
})();
