// An answer that comes while something is being pressed waits until it is let go. It could otherwise
// take a button from under the finger, and a browser then reports no click; or move another one
// there, and that one would be pressed. An answer for a part of the page that is gone meanwhile is
// dropped as a whole, its address too.
(() => {
  const waiting = [];
  let pressing = false;
  let letGo = 0;

  const end = () => {
    letGo = 0;
    pressing = false;
    waiting.splice(0).forEach((answer) => queueMicrotask(answer));
  };
  // The click of a touch follows a moment after the finger has left.
  const release = () => {
    if (pressing) letGo ||= setTimeout(end, 50);
  };

  addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.target.closest("a, button, summary, label, input")) return;
    clearTimeout(letGo);
    letGo = 0;
    pressing = true;
  });
  for (const type of ["pointerup", "pointercancel", "blur"]) addEventListener(type, release);
  // Let go where no event told of it, as over a menu of the browser.
  addEventListener("pointermove", (event) => event.buttons || release());

  document.addEventListener("htmx:beforeSend", ({ detail: { xhr, target } }) => {
    for (const type of ["onload", "onerror"]) {
      const handler = xhr[type];
      const answer = () => {
        const wanted = xhr.readyState === XMLHttpRequest.DONE && target.isConnected;
        (wanted ? handler : xhr.onabort).call(xhr);
      };
      xhr[type] = () => (pressing ? waiting.push(answer) : answer());
    }
  });
})();
