// The button does what the browser's own menu does; without this script that menu is there all the same.
(() => {
  const button = document.getElementById("print");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
})();
