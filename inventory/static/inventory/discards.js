// The button says what it discards: how many rows are ticked, and what they cost. The rows come
// with their cost in cents; the ledger never hears of this sum.
(() => {
  const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

  const say = () => {
    const press = document.getElementById("discard-press");
    if (!press) return;
    const ticked = [...document.querySelectorAll("#discards input[type=checkbox]:checked")];
    const cents = ticked.reduce((sum, box) => sum + Number(box.dataset.cents || 0), 0);
    press.textContent = `Discard ${ticked.length}, ${dollars.format(cents / 100)}`;
  };

  document.addEventListener("change", (event) => {
    if (event.target.closest("#discards")) say();
  });
  addEventListener("pageshow", say);
})();
