// A scan box takes what a hand scanner types, and photographs: these are read on the server, and the
// text comes back into the box as if it had been scanned. Two codes in one photograph are asked about.
// Without this script the box is a text field with a button.
(() => {
  const part = (box, name) => box.querySelector(`[data-scan-${name}]`);
  const box = (element) => element.closest("[data-scan-box]");

  const scan = (at, text) => {
    at.querySelector("[data-scan]").value = text;
    part(at, "press").click();
  };

  const say = (at, words) => {
    part(at, "said").textContent = words;
    part(at, "choices").replaceChildren();
  };

  const offer = (at, codes) => {
    say(at, "Which of these?");
    const buttons = codes.map((code) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = code.words;
      button.addEventListener("click", () => {
        say(at, "");
        scan(at, code.text);
      });
      return button;
    });
    part(at, "choices").replaceChildren(...buttons);
    buttons[0].focus();
  };

  const send = async (at, photo) => {
    const body = new FormData();
    body.append("photo", photo);
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    say(at, "Reading the photograph…");
    try {
      const answer = await fetch(at.dataset.scanBox, { method: "POST", body, headers });
      const { codes, refusal } = await answer.json();
      if (refusal) say(at, refusal);
      else if (codes.length === 1) {
        say(at, "");
        scan(at, codes[0].text);
      } else offer(at, codes);
    } catch {
      say(at, "The photograph could not be sent. Try again, or type the code.");
    }
  };

  // Neither a text on its way into the box nor a photograph is a change of the form around it.
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (!target.matches("[data-scan], [data-scan-photo]")) return;
    event.stopPropagation();
    if (!target.files?.length) return;
    send(box(target), target.files[0]);
    target.value = "";
  }, true);

  // Enter would press the first button of the form, whichever that is.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("[data-scan]")) return;
    event.preventDefault();
    part(box(event.target), "press").click();
  });

  const show = (within) => {
    for (const photo of within.querySelectorAll(".scan-photo[hidden]")) photo.hidden = false;
  };
  show(document);
  document.addEventListener("htmx:load", (event) => show(event.target));
})();
