// Optional comforts for the desk; every page works without this file. Keeps nothing in the browser.
// Not here: rules, validation, drafts (personal data never goes to localStorage).
(function () {
  "use strict";
  var doc = document;

  function all(selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); }
  function typing(target) { return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName); }

  // Keys: "/" goes to the search; J and K follow the next and previous [data-hop]; [data-key="a"] is pressed by A.
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.key === "Escape") { all("details.drop[open]").forEach(function (one) { one.open = false; }); return; }
    if (typing(event.target)) { return; }
    var key = event.key.toLowerCase();
    if (key === "/") {
      var search = doc.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (key === "j" || key === "k") {
      var hops = all("[data-hop]");
      if (!hops.length) { return; }
      var here = hops.findIndex(function (one) { return one.classList.contains("on"); });
      var next = hops[here < 0 ? 0 : Math.min(hops.length - 1, Math.max(0, here + (key === "j" ? 1 : -1)))];
      hops.forEach(function (one) { one.classList.toggle("on", one === next); });
      next.scrollIntoView({ block: "center" });
      next.focus({ preventScroll: true });
      next.click();
    } else if (/^[a-z]$/.test(key)) {
      var button = doc.querySelector('[data-key="' + key + '"]:not([disabled])');
      if (button) { event.preventDefault(); button.click(); }
    }
  });

  // An open menu closes when the page is clicked elsewhere.
  doc.addEventListener("click", function (event) {
    all("details.drop[open]").forEach(function (one) { if (!one.contains(event.target)) { one.open = false; } });
  });

  // Forms: ask before what cannot be taken back, send once.
  doc.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    var question = (button && button.getAttribute("data-confirm")) || form.getAttribute("data-confirm");
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    // the attribute: a control called "method" (送达方式) stands in the place of the property
    if ((form.getAttribute("method") || "").toLowerCase() !== "post" || event.defaultPrevented) { return; }
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    form.removeAttribute("data-dirty");
    if (button) { button.setAttribute("aria-busy", "true"); }
    window.setTimeout(function () { release(form); }, 8000);
  });
  function release(form) {
    form.removeAttribute("data-sent");
    all("[aria-busy]", form).forEach(function (one) { one.removeAttribute("aria-busy"); });
  }
  window.addEventListener("pageshow", function () { all("form[data-sent]").forEach(release); });
  doc.addEventListener("htmx:afterRequest", function () { all("form[data-sent]").forEach(release); });

  // form[data-guard]: leaving with unsaved words asks first.
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-guard")) { form.setAttribute("data-dirty", ""); }
  });
  window.addEventListener("beforeunload", function (event) {
    if (doc.querySelector("form[data-dirty]")) { event.preventDefault(); event.returnValue = ""; }
  });

  // [data-show-if="kind=mediation|assistance"]: shown only while a control of that name has one of these values.
  function showIf() {
    all("[data-show-if]").forEach(function (part) {
      var rule = part.getAttribute("data-show-if").split("="), wanted = rule[1].split("|");
      var root = part.closest("form") || doc;
      var set = all('[name="' + rule[0] + '"]', root).some(function (one) {
        return (/^(radio|checkbox)$/.test(one.type) ? one.checked : true) && wanted.indexOf(one.value) >= 0;
      });
      part.hidden = !set;
    });
  }
  doc.addEventListener("change", showIf);

  // [data-rows="parties"] holds .item rows, one <template> whose "__i__" becomes the index, and an input[data-total];
  // button[data-add="parties"] adds a row, button[data-drop] empties and removes its own.
  doc.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("button[data-add], button[data-drop]") : null;
    if (!button) { return; }
    event.preventDefault();
    if (button.hasAttribute("data-drop")) {
      var item = button.closest(".item"), list = item.parentNode;
      all("input:not([type=hidden]), select, textarea", item).forEach(function (one) {
        if (/^(radio|checkbox)$/.test(one.type)) { one.checked = false; } else { one.value = ""; }
      });
      item.hidden = true;
      var rest = all(".item:not([hidden]) input, .item:not([hidden]) select", list);
      if (rest.length) { rest[0].focus(); }
      return;
    }
    var rows = doc.querySelector('[data-rows="' + button.getAttribute("data-add") + '"]');
    var pattern = rows && rows.querySelector("template");
    if (!pattern) { return; }
    var total = rows.querySelector("input[data-total]");
    var index = total ? parseInt(total.value, 10) : all(".item", rows).length;
    var holder = doc.createElement(pattern.parentNode.tagName);
    holder.innerHTML = pattern.innerHTML.replace(/__i__/g, String(index));
    var row = holder.firstElementChild;
    pattern.parentNode.insertBefore(row, pattern);
    if (total) { total.value = String(index + 1); }
    var first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) { first.focus(); }
    showIf();
  });
  all("button[data-add], button[data-drop]").forEach(function (one) { one.hidden = false; });

  // What is chosen and longer than its list shows stands in full below it.
  var pen = doc.createElement("canvas").getContext("2d");
  function inFull(list) {
    var chosen = list.options[list.selectedIndex], words = list.value && chosen ? chosen.text : "", style = window.getComputedStyle(list);
    var line = list.nextElementSibling;
    if (!line || !line.hasAttribute("data-in-full")) { line = null; }
    if (words) { pen.font = style.fontWeight + " " + style.fontSize + " " + style.fontFamily; }
    var cut = words && list.clientWidth && pen.measureText(words).width > list.clientWidth - 40;
    if (!cut) { if (line) { line.parentNode.removeChild(line); } return; }
    if (!line) {
      line = doc.createElement("p");
      line.className = "hint";
      line.setAttribute("data-in-full", "");
      list.parentNode.insertBefore(line, list.nextSibling);
    }
    line.textContent = words;
  }
  doc.addEventListener("change", function (event) { if (event.target.tagName === "SELECT") { inFull(event.target); } });

  // The drop zone says that it was reached; the file input itself takes the file.
  ["dragenter", "dragover", "dragleave", "drop"].forEach(function (name) {
    doc.addEventListener(name, function (event) {
      var zone = event.target.closest ? event.target.closest(".dropzone") : null;
      if (zone) { zone.classList.toggle("over", name === "dragenter" || name === "dragover"); }
    });
  });

  // The menu button of small screens tells whether it is open; an error summary is read first.
  var toggle = doc.getElementById("menu-toggle");
  if (toggle) { toggle.addEventListener("change", function () { toggle.setAttribute("aria-expanded", String(toggle.checked)); }); }
  var summary = doc.querySelector(".summary[tabindex]");
  if (summary) { summary.focus(); }
  showIf();
  all("main form select").forEach(inFull);
})();
