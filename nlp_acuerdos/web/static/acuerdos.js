// Only what makes the page handier: everything works without it.
"use strict";

for (const bar of document.querySelectorAll("[data-href]")) {
  bar.addEventListener("click", () => { location.assign(bar.dataset.href); });
}

for (const button of document.querySelectorAll("[data-copiar]")) {
  const field = document.getElementById(button.dataset.copiar);
  const told = button.parentElement.querySelector("[data-copiado]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = "Copiada";
    } catch {
      told.textContent = document.execCommand("copy") ? "Copiada" : "Use Ctrl+C";
    }
  });
}

document.addEventListener("keydown", (event) => {
  const box = document.getElementById("q");
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && box && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// Fields left empty stay out of the URL.
const search = document.getElementById("buscar");
if (search) {
  const left = () => [...search.elements].filter((f) => f.name && (f.value === "" || (f.name === "modo" && f.value === "hibrida")));
  search.addEventListener("submit", () => { for (const field of left()) field.disabled = true; });
  addEventListener("pageshow", () => { for (const field of search.elements) field.disabled = false; });
}
