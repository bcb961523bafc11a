// Keys for the inbox: a comfort; every row works by mouse, touch, tab key and without this file.
(() => {
  "use strict";
  const list = () => document.querySelector("[data-keys]");
  const rows = () => [...document.querySelectorAll("[data-keys] > li")];
  // The id of the row that had the focus: it outlives a row that is swapped and a page that is loaded anew.
  let last = window.location.hash.slice(1);
  const here = () => rows().find((row) => row.contains(document.activeElement))
    || (document.activeElement === document.body && rows().find((row) => row.id && row.id === last));
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-keys] > li");
    if (row) last = row.id;
  });

  // The row's own link takes the focus, so that a screen reader says where it is.
  function focus(row) {
    const target = row && (row.querySelector("a.title") || row);
    if (!target) return;
    target.focus();
    row.scrollIntoView({ block: "nearest" });
  }
  function step(by) {
    const all = rows();
    const at = all.indexOf(here());
    focus(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }
  function tick() {
    const row = here();
    const box = row && row.querySelector("input[data-tick]:not(:disabled)");
    if (!box) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function open() {
    const row = here();
    const link = row && row.querySelector("[data-open-row], [data-close]");
    if (link) link.click();
  }
  function send(name, value) {
    const button = document.querySelector(`button[form="batch"][name="${name}"][value="${value}"]`);
    if (button && !button.disabled) button.click();
  }
  function help() {
    const box = document.getElementById("key-help");
    if (!box) return;
    box.open = !box.open;
    if (box.open) { box.scrollIntoView({ block: "nearest" }); box.querySelector("summary").focus(); }
  }
  function filters() {
    const box = document.querySelector(".inbox-filter");
    if (!box) return;
    box.open = true;
    box.querySelector("select").focus();
  }
  const KEYS = {
    j: () => step(1), k: () => step(-1), o: open, x: tick, f: filters, "?": help,
    a: () => send("do", "approve"), d: () => send("look", "decline"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !list()) return;
    // In a field, on a button or on a link the key belongs to that (and to the screen reader).
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
    if (event.key === "Enter") {
      const row = here();
      if (row && event.target.matches("a.title")) { event.preventDefault(); open(); }
      return;
    }
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  // A row that opens or closes in place keeps the focus, and its tick unless it has changed meanwhile.
  let ticked = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const box = event.detail.target.querySelector("input[data-tick]:checked");
    ticked = box ? box.value : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    const box = ticked && document.querySelector(`[data-keys] input[data-tick][value="${ticked}"]`);
    if (box && !box.checked) {
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (list() && document.activeElement === document.body) focus(here());
  });
})();
