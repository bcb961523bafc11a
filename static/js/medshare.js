// Comforts only: every page works without this file. No inline code anywhere (Content-Security-Policy).
(() => {
  "use strict";
  const root = document.documentElement;

  // "/" jumps to the search box, Escape closes an open menu.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.getElementById("site-search");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === "Escape") closeMenus(null, true);
  });
  document.addEventListener("click", (event) => closeMenus(event.target, false));

  function closeMenus(target, refocus) {
    document.querySelectorAll("details.pop[open]").forEach((menu) => {
      if (target && menu.contains(target)) return;
      menu.open = false;
      if (refocus) menu.querySelector("summary").focus();
    });
    if (refocus && location.hash === "#menu") location.hash = "main";
  }

  // Light, dark or as the device: at once, and kept by the server.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const choice = event.submitter.value;
    const body = new FormData(form, event.submitter);
    fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    root.dataset.bsTheme = choice;
    form.querySelectorAll("[name=theme]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === choice));
    });
    closeMenus(null, true);
  });

  // A second click does not send a form twice (the server's idempotency key is the guarantee).
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form[data-sent]");
    if (form) release(form);
  });
  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }

  // Who signs out leaves nothing unsent on a shared phone (static/js/handover.js keeps it there).
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action$='/logout/']")) return;
    try {
      Object.keys(localStorage).filter((name) => name.startsWith("handover:")).forEach((name) => localStorage.removeItem(name));
      if (window.indexedDB) indexedDB.deleteDatabase("medshare-handover");
    } catch { /* closed */ }
  });

  // − and + beside a number; without script the field is typed into.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    if (Number(button.dataset.step) > 0) input.stepUp(); else input.stepDown();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Days one by one, from a calendar into the field that lists them; without script they are typed.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-day]");
    const day = button && button.parentElement.querySelector("input[type=date]");
    if (!day || !day.value) return;
    const list = document.getElementById(button.dataset.addDay);
    const days = new Set(list.value.split(/[\s,;，；、]+/).filter(Boolean)).add(day.value);
    list.value = [...days].sort().join(", ");
    list.form.elements.repeat.value = "picked";
    day.value = "";
    day.focus();
  });

  // A batch bar counts the ticked rows: [data-batch="form-id"] holds [data-batch-count] and buttons.
  function countTicks() {
    document.querySelectorAll("[data-batch]").forEach((bar) => {
      const boxes = document.querySelectorAll(`input[type=checkbox][form="${bar.dataset.batch}"][data-tick]`);
      const ticked = [...boxes].filter((box) => box.checked).length;
      bar.querySelectorAll("[data-batch-count]").forEach((place) => { place.textContent = ticked; });
      bar.querySelectorAll("[data-batch-sum]").forEach((place) => sumUp(place, [...boxes].filter((box) => box.checked)));
      bar.querySelectorAll("button[data-batch-go]").forEach((button) => { button.disabled = ticked === 0; });
      const all = bar.querySelector("[data-tick-all]");
      if (all) {
        // data-tick-all may name those that it ticks; others are ticked one by one.
        const free = [...boxes].filter((box) => !box.disabled && box.matches(all.dataset.tickAll || "*")).length;
        all.checked = ticked > 0 && ticked === free;
        all.indeterminate = ticked > 0 && ticked !== free;
      }
    });
    document.querySelectorAll("[data-checklist]").forEach((list) => {
      const boxes = [...list.querySelectorAll("input[type=checkbox]")];
      const done = boxes.filter((box) => box.checked).length;
      document.querySelectorAll(`[data-done-of="${list.id}"]`).forEach((place) => { place.textContent = `${done} / ${boxes.length}`; });
      nameOpenItem(list, boxes.find((box) => !box.checked), boxes.length - done);
    });
  }
  // What the ticked rows come to: each box names its quantity field and what one of it is worth.
  function sumUp(place, ticked) {
    const total = ticked.reduce((sum, box) => {
      const field = document.querySelector(`[name="${box.dataset.quantity}"]`);
      const each = place.dataset.batchSum === "value" ? Number(box.dataset.each) : 1;
      return sum + (field ? Number(field.value) || 0 : 0) * each;
    }, 0);
    place.textContent = (place.dataset.symbol || "") + Math.round(total).toLocaleString(root.lang);
  }
  // The bar at the bottom names the first item that is not ticked yet.
  function nameOpenItem(list, box, number) {
    document.querySelectorAll(`[data-open-of="${list.id}"]`).forEach((line) => {
      const words = box && box.closest("label").querySelector("span").firstChild;
      line.hidden = !words;
      if (words) {
        line.querySelector("[data-open-name]").textContent = words.textContent.trim();
        line.querySelector("[data-open-count]").textContent = number;
      }
    });
  }
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-tick-all]");
    if (all) {
      const form = all.closest("[data-batch]").dataset.batch;
      const those = all.checked ? all.dataset.tickAll || "" : "";
      document.querySelectorAll(`input[data-tick][form="${form}"]${those}:not(:disabled)`).forEach((box) => { box.checked = all.checked; });
    }
    const auto = event.target.closest("form[data-auto-submit]");
    if (auto) auto.requestSubmit();
    countTicks();
  });
  document.addEventListener("htmx:afterSwap", countTicks);
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
    countTicks();
  });
  // htmx: a 4xx that carries a form with its errors is shown, not thrown away.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 400 || status === 409 || status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
})();
