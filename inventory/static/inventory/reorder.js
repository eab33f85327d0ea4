// What somebody typed and unticked outlives the table when it is sorted or narrowed, and the bar says
// what its button would draft of what is shown.
(() => {
  const form = document.getElementById("order-draft");
  const sum = form.querySelector(".draft-sum");
  const typed = new Map();
  const unticked = new Set();

  const counted = (number, noun) => `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
  const ticks = () => [...form.elements].filter(({ name }) => name === "pick");
  const packsOf = (tick) => form.elements[`packs-${tick.value}`];

  const add = () => {
    const ticked = ticks().filter(({ checked }) => checked).map(packsOf);
    const packs = ticked.reduce((all, { value }) => all + (Number.parseInt(value, 10) || 0), 0);
    const cents = ticked.reduce(
      (all, { value, dataset }) => all + (Number.parseInt(value, 10) || 0) * Math.round(dataset.price * 100),
      0,
    );
    const money = (cents / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
    const words = `${counted(ticked.length, "item")}, ${counted(packs, "pack")}, ${money} ticked.`;
    sum.textContent = ticked.length ? words : "Nothing is ticked.";
  };

  const putBack = () => {
    for (const tick of ticks()) {
      tick.checked = !unticked.has(tick.value);
      const packs = packsOf(tick);
      packs.value = typed.get(packs.name) ?? packs.value;
    }
    add();
  };

  document.addEventListener("input", ({ target }) => {
    if (target.form !== form) return;
    if (target.name === "pick") unticked[target.checked ? "delete" : "add"](target.value);
    else typed.set(target.name, target.value);
    add();
  });
  document.addEventListener("htmx:afterSettle", putBack);
  putBack();
})();
