// Keys of the pages. Everything works without them; they can be turned off (WCAG 2.1.4).
"use strict";
(function () {
  const STORE = "civid-keys";
  const body = document.body;
  const button = document.getElementById("keys-switch");
  let on = true;
  try { on = localStorage.getItem(STORE) !== "off"; } catch (error) { /* keys stay on */ }

  function show() {
    body.classList.toggle("keys-off", !on);
    if (button) {
      button.hidden = false;
      button.textContent = on ? button.dataset.off : button.dataset.on;
    }
  }
  if (button) {
    button.addEventListener("click", function () {
      on = !on;
      try { localStorage.setItem(STORE, on ? "on" : "off"); } catch (error) { /* for this page */ }
      show();
    });
  }
  show();

  function typing(where) {
    return where.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  }
  function toggle(id) {
    const box = document.getElementById(id);
    if (box) { box.checked = !box.checked; box.dispatchEvent(new Event("change")); }
  }
  // The first reason of an answer; pressed again, the next one.
  function choose(group) {
    const reasons = Array.from(group.querySelectorAll("input[type=radio]"));
    const at = reasons.findIndex(function (one) { return one.checked; });
    const next = reasons[(at + 1) % reasons.length];
    next.checked = true;
    next.focus();
    // Whom it is about: who is looked at, unless somebody was ticked.
    const shown = document.querySelector("input[data-shown]");
    if (group.matches("[data-about]") && shown && !document.querySelector("input[name=people]:checked")) {
      shown.checked = true;
    }
  }
  document.addEventListener("keydown", function (event) {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { return; }
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) { return; }
    const key = event.key.toLowerCase();
    if (key === "enter") {
      const form = document.getElementById("decision");
      // The page that asks again is answered with Enter wherever the focus is: a page that is not
      // in front does not get the focus it asks for.
      const ready = "input[name=answer]:checked, input[name=sure]";
      if (form && form.querySelector(ready) && !event.target.matches("a, button, summary")) {
        event.preventDefault();
        if (!event.repeat) { form.requestSubmit(); }
      }
      return;
    }
    if (key === "o") {
      const over = document.getElementById("view-overlay");
      if (over) { (over.checked ? document.getElementById("view-pair") : over).checked = true; }
      return;
    }
    if (key === "m") { toggle("show-marks"); toggle("show-lines"); return; }
    if (!/^([a-z0-9]|escape)$/.test(key)) { return; }
    const found = document.querySelector('[data-key="' + key + '"]');
    if (!found || event.repeat) { return; }
    event.preventDefault();
    if (found.matches("fieldset")) { choose(found); }
    else if (found.matches("textarea")) { found.focus(); }
    else { found.click(); }
  });
  // One press sends once; who comes back with the browser's arrow may send again.
  document.addEventListener("submit", function (event) {
    const sender = event.target.querySelector("button:not([type=button])");
    if (sender) { setTimeout(function () { sender.disabled = true; }, 0); }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("button:disabled").forEach(function (one) { one.disabled = false; });
  });
})();
