// A form that outlives a bad connection: what is typed and photographed stays on this phone until the
// server has said that it has it. Every sending carries the same key, so that it is one record.
// Without this file the form is sent as any other.
(() => {
  "use strict";
  const form = document.querySelector("form[data-keep]");
  const badge = document.querySelector("[data-net]");
  const DAY = 24 * 3600 * 1000, WAIT = 25000, EDGE = 2000;
  const name = form && `handover:${form.dataset.keep}`;
  const waits = [4000, 8000, 15000, 30000, 60000];
  let photos = [], tries = 0, timer = null, sending = false, problem = false;

  function showNet() {
    if (!badge) return;
    badge.hidden = false;
    badge.dataset.net = navigator.onLine ? "on" : "off";
    badge.querySelector("[data-online]").hidden = !navigator.onLine;
    badge.querySelector("[data-offline]").hidden = navigator.onLine;
  }
  showNet();
  addEventListener("offline", showNet);
  addEventListener("online", showNet);
  if (!form) return;

  // ---- what is kept: fields in localStorage, photos in IndexedDB
  const store = {
    read() { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    write(kept) { try { localStorage.setItem(name, JSON.stringify(kept)); } catch { /* full or closed */ } },
    drop() { try { localStorage.removeItem(name); } catch { /* closed */ } savePhotos([]); },
  };
  function database() {
    return new Promise((done) => {
      if (!window.indexedDB) { done(null); return; }
      const opening = indexedDB.open("medshare-handover", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("photos");
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => done(null);
    });
  }
  async function savePhotos(files) {
    const opened = await database();
    if (!opened) return;
    const put = opened.transaction("photos", "readwrite").objectStore("photos");
    if (files.length) put.put(files, name); else put.delete(name);
  }
  async function keptPhotos() {
    const opened = await database();
    if (!opened) return [];
    return new Promise((done) => {
      const asked = opened.transaction("photos").objectStore("photos").get(name);
      asked.onsuccess = () => done(asked.result || []);
      asked.onerror = () => done([]);
    });
  }
  const fields = () => [...form.elements].filter((f) => f.name && f.type !== "file" && f.type !== "submit" && f.name !== "csrfmiddlewaretoken");
  function keep(pending) {
    const values = fields().map((f) => [f.name, f.type === "checkbox" ? f.checked : f.value]);
    store.write({ at: Date.now(), values, pending: Boolean(pending), problem });
  }
  function restore(kept) {
    for (const [field, value] of kept.values) {
      const control = form.elements.namedItem(field);
      if (!control || control.type === undefined) continue;
      if (control.type === "checkbox") control.checked = value; else control.value = value;
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // ---- photos: taken one after another, made small enough for a bad connection
  const picker = form.querySelector("input[type=file]");
  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file);
      const share = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      if (share === 1 && file.size < 600000) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * share);
      canvas.height = Math.round(picture.height * share);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch { return file; }
  }
  function putIntoField() {
    if (!picker || !window.DataTransfer) return;
    const all = new DataTransfer();
    photos.forEach((file) => all.items.add(file));
    picker.files = all.files;
  }
  async function drawPhotos() {
    const grid = form.querySelector("[data-photos]");
    if (!grid) return;
    grid.querySelectorAll("[data-taken]").forEach((old) => old.remove());
    for (const [at, file] of photos.entries()) {
      const item = document.createElement("li");
      item.dataset.taken = at;
      const canvas = document.createElement("canvas");
      canvas.width = 208; canvas.height = 148;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${grid.dataset.word} ${at + 1}`);
      try {
        const picture = await createImageBitmap(file);
        const scale = Math.max(208 / picture.width, 148 / picture.height);
        canvas.getContext("2d").drawImage(picture, (208 - picture.width * scale) / 2, (148 - picture.height * scale) / 2, picture.width * scale, picture.height * scale);
      } catch { /* not a picture: the server says so */ }
      const away = document.createElement("button");
      away.type = "button";
      away.textContent = "×";
      away.setAttribute("aria-label", `${grid.dataset.away} ${at + 1}`);
      away.addEventListener("click", () => { photos.splice(at, 1); changedPhotos(); });
      item.append(canvas, away);
      grid.prepend(item);
    }
    document.querySelectorAll("[data-photo-count]").forEach((place) => { place.textContent = photos.length; place.parentElement.hidden = false; });
  }
  function changedPhotos() { putIntoField(); savePhotos(photos); drawPhotos(); keep(false); }
  if (picker) picker.addEventListener("change", async () => {
    const taken = await Promise.all([...picker.files].filter((file) => !photos.includes(file)).map(smaller));
    photos = [...photos, ...taken].slice(0, 8);
    changedPhotos();
  });

  // ---- sending
  const say = document.querySelector("[data-unsent]");
  function wait() {
    sending = false;
    keep(true);
    freeze(true);
    if (say) { say.hidden = false; say.focus({ preventScroll: true }); }
    clearTimeout(timer);
    timer = setTimeout(send, waits[Math.min(tries++, waits.length - 1)]);
  }
  function freeze(on) {
    form.toggleAttribute("data-waiting", on);
    form.querySelectorAll("[data-freeze]").forEach((part) => { part.inert = on; });
  }
  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    const body = new FormData(form);
    if (problem) body.set("problem", "on");
    const ending = new AbortController();
    const alarm = setTimeout(() => ending.abort(), WAIT);
    let answer;
    try {
      answer = await fetch(location.pathname, { method: "POST", body, credentials: "same-origin", signal: ending.signal, headers: { "X-Sent-By-Script": "1" } });
    } catch { wait(); return; } finally { clearTimeout(alarm); }
    if (answer.status >= 500) { wait(); return; }
    const next = answer.headers.get("X-Go-To");
    if (next) { store.drop(); location.assign(next); return; }
    keep(true);
    if (answer.redirected) { location.assign(answer.url); return; }  // signed out meanwhile: in again, then back here
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  }
  // What may not be done is not tried again; the server's page says why.
  function refuse(page) {
    const main = page.querySelector("main"), here = document.querySelector("main");
    keep(false);
    if (!main || !here) { location.reload(); return; }
    here.replaceChildren(...main.childNodes);
    here.tabIndex = -1;
    here.focus();
    document.querySelectorAll(".action-bar").forEach((bar) => bar.remove());
  }
  // The page with its errors takes the place of this one; photos stay in the field.
  function show(page) {
    sending = false;
    problem = false;
    freeze(false);
    const fresh = page.querySelector("form[data-keep]");
    if (!fresh) { refuse(page); return; }
    if (say) say.hidden = true;
    form.querySelectorAll("[data-part]").forEach((part) => {
      const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (other) part.replaceChildren(...other.childNodes);
    });
    const key = fresh.elements.namedItem("idempotency_key");
    if (key) form.elements.namedItem("idempotency_key").value = key.value;
    keep(false);
    document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const summary = form.querySelector(".error-summary, .findings");
    if (summary) { summary.tabIndex = -1; summary.focus(); }
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    problem = Boolean(event.submitter && event.submitter.name === "problem");
    keep(true);
    send();
  });
  addEventListener("online", () => { if (form.hasAttribute("data-waiting")) send(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-send-now]")) send();
    if (event.target.closest("[data-change-it]")) { clearTimeout(timer); freeze(false); say.hidden = true; keep(false); }
  });
  form.addEventListener("input", () => keep(false));
  form.addEventListener("change", () => keep(false));

  // ---- coming back
  async function begin() {
    const kept = store.read();
    if (form.dataset.recorded === "yes" || (kept && Date.now() - kept.at > DAY)) { store.drop(); return; }
    if (!kept || form.dataset.bound === "yes") return;
    restore(kept);
    photos = await keptPhotos();
    if (photos.length) { putIntoField(); drawPhotos(); }
    problem = kept.problem;
    if (kept.pending) { if (navigator.onLine) send(); else wait(); }
  }
  document.addEventListener("DOMContentLoaded", begin);
})();
