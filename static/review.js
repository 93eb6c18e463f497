// Reviewing a ruling's public text by keyboard and by selecting words. Without this file the page works by its table of marks,
// which stays the one truth here too: everything below writes into its rows. Where a mark stands is found by the server alone.
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("marks"), text = doc.getElementById("text");
  var card = doc.getElementById("chosen");
  if (!form || !text || !card) { return; }
  var may = !!doc.getElementById("hide"), chooser = doc.getElementById("chooser");
  var chosen = null, here = null, serial = 0;

  function all(selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); }
  function part(id) { return doc.getElementById(id); }
  function row(n) { return doc.getElementById("mark-" + n); }
  function cell(n, name) { return form.elements["replacements-" + n + "-" + name]; }
  function say(words) { part("said").textContent = words; }
  function dirty() { form.setAttribute("data-dirty", ""); }
  function named(category) {
    var option = part("chosen-category") && part("chosen-category").querySelector('option[value="' + category + '"]');
    return option ? option.textContent : "";
  }

  // one mark as the table has it: every occurrence is drawn anew, left and right
  function draw(n) {
    var category = cell(n, "category").value, shown = cell(n, "replacement").value;
    var state = category === "keep" ? "k" : category ? "" : "a";
    var from = all('.from [data-mark="' + n + '"]', text), to = all('.to [data-mark="' + n + '"]', text);
    from.forEach(function (one, i) {
      one.classList.remove("a", "k");
      if (state) { one.classList.add(state); }
      to[i].className = state ? "" : "hid";
      to[i].textContent = state ? one.textContent : shown;
      var line = one.closest(".duo");
      sameness(line, !line.querySelector(".to .hid"));
    });
    waiting();
  }

  // a paragraph that reads the same is read aloud once, and shown once on a phone
  function sameness(line, same) {
    line.classList.toggle("same", same);
    if (same) { line.querySelector(".to").setAttribute("aria-hidden", "true"); } else { line.querySelector(".to").removeAttribute("aria-hidden"); }
  }

  // the card of what is to be decided keeps count
  function waiting() {
    var open = all("#doubts [data-mark]").filter(function (one) {
      var undecided = cell(one.getAttribute("data-mark"), "category");
      var still = !!undecided && undecided.value === "";
      one.parentNode.hidden = !still;
      return still;
    });
    part("doubts").hidden = !open.length;
    part("doubts").querySelector(".num").textContent = String(open.length);
  }

  function show() {
    var n = chosen, known = n !== null && row(n);
    card.hidden = !known;
    if (!known) { return; }
    var places = all("[data-hop]", text), count = row(n).querySelector(".count"), rule = row(n).querySelector(".rule");
    var category = cell(n, "category").value, hidden = category && category !== "keep";
    part("chosen-words").textContent = cell(n, "original").value;
    part("chosen-why").textContent = cell(n, "reason").value || "—";
    part("chosen-rule").textContent = rule ? rule.textContent : "人工添加";
    part("chosen-count").textContent = (count ? count.textContent : "0") + " 处" + (hidden ? "，全部替换" : category ? "，全部保留" : "");
    part("place").textContent = here ? (places.indexOf(here) + 1) + " / " + places.length : "";
    if (may) {
      part("chosen-as").value = hidden ? cell(n, "replacement").value : "";
      part("chosen-as").disabled = !hidden;
      part("chosen-category").value = category;
      part("hide").setAttribute("aria-pressed", String(!!hidden));
      part("keep").setAttribute("aria-pressed", String(category === "keep"));
    }
    say((here ? "第 " + (places.indexOf(here) + 1) + " 处，共 " + places.length + " 处。" : "") + cell(n, "original").value + "，" +
      (category ? (hidden ? "遮盖，" + (named(category) || "") + "，公开为 " + cell(n, "replacement").value : "不遮盖") : "待判断") + "，" +
      part("chosen-count").textContent + "。");
  }

  function choose(n, at) {
    all(".on", text).forEach(function (one) { one.classList.remove("on"); });
    chosen = n;
    here = at || text.querySelector('.from [data-mark="' + n + '"]');
    if (here) { here.classList.add("on"); rove(here); }
    show();
  }

  // one stop of the tab key for all occurrences; J and K walk them (zhiheng.js)
  function rove(at) {
    all("[data-hop]", text).forEach(function (one) { one.tabIndex = one === at ? 0 : -1; });
  }

  function decide(category) {
    if (chosen === null || !row(chosen)) { say("请先选择一处。"); return; }
    var n = chosen, now = cell(n, "category").value;
    if (category === "keep") {
      if (now !== "keep" && now) { row(n).setAttribute("data-masked-as", now); row(n).setAttribute("data-masked", cell(n, "replacement").value); }
      cell(n, "replacement").value = cell(n, "original").value;
      cell(n, "category").value = "keep";
    } else if (!now || now === "keep") {
      cell(n, "category").value = row(n).getAttribute("data-masked-as") || "other";
      cell(n, "replacement").value = row(n).getAttribute("data-masked") || "×××";
    } else { return; }
    dirty();
    draw(n);
    show();
  }

  // selecting words
  function selected() {
    var found = window.getSelection(), words = found.toString().replace(/\s+/g, " ").trim();
    if (!words || !found.rangeCount) { return null; }
    var range = found.getRangeAt(0), begins = range.startContainer.parentNode, ends = range.endContainer.parentNode;
    var first = begins.closest && begins.closest(".from"), last = ends.closest && ends.closest(".from");
    if (!first || !text.contains(first)) { return null; }
    return { words: words, one: first === last, box: range.getBoundingClientRect() };
  }
  function offer() {
    if (!may) { return; }
    var now = selected();
    chooser.hidden = !now || !now.one || now.words.length < 2;
    if (chooser.hidden) { return; }
    chooser.style.top = Math.min(window.innerHeight - 52, now.box.bottom + 8) + "px";
    chooser.style.left = Math.max(8, Math.min(window.innerWidth - chooser.offsetWidth - 8, now.box.left)) + "px";
  }
  function mark(category) {
    var now = selected();
    if (!now) { return false; }
    if (!now.one || now.words.length < 2) { say("请在同一段原文内选择至少两个字。"); return true; }
    window.getSelection().removeAllRanges();
    chooser.hidden = true;
    var same = all("#rows tr").filter(function (one) {
      var field = cell(one.getAttribute("data-n"), "original");
      return field && field.value === now.words;
    })[0];
    if (same) {
      choose(same.getAttribute("data-n"));
      decide(category === "keep" ? "keep" : "");
      return true;
    }
    var n = free();
    cell(n, "original").value = now.words;
    select(n, category === "keep" ? "keep" : "selected");
    dirty();
    preview(now.words);
    return true;
  }
  // the first empty row of the table, or a new one
  function free() {
    var rows = all("#rows tr"), empty = rows.filter(function (one) { return !cell(one.getAttribute("data-n"), "original").value; })[0];
    if (empty) { return empty.getAttribute("data-n"); }
    var last = rows[rows.length - 1], n = String(Number(last.getAttribute("data-n")) + 1), made = last.cloneNode(true);
    made.id = "mark-" + n;
    made.setAttribute("data-n", n);
    all("[name]", made).forEach(function (one) { one.name = one.name.replace(/-\d+-/, "-" + n + "-"); one.value = ""; });
    last.parentNode.appendChild(made);
    return n;
  }
  function select(n, value) {
    var list = cell(n, "category");
    if (!list.querySelector('option[value="' + value + '"]')) { list.appendChild(new Option("", value)); }
    list.value = value;
  }

  // the server marks the text anew; only what differs is put into the page, so nothing jumps
  function preview(words) {
    var mine = ++serial, data = new FormData(form);
    data.set("preview", "1");
    text.setAttribute("aria-busy", "true");
    window.fetch(window.location.pathname, { method: "POST", body: data, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (page) {
      if (mine !== serial) { return; }
      var fresh = new DOMParser().parseFromString(page, "text/html"), lines = all("#text .duo", fresh);
      all(".duo", text).forEach(function (line, i) {
        if (lines[i] && line.innerHTML !== lines[i].innerHTML) { line.innerHTML = lines[i].innerHTML; }
        if (lines[i]) { line.className = lines[i].className; }
      });
      part("rows").innerHTML = fresh.getElementById("rows").innerHTML;
      part("doubts").innerHTML = fresh.getElementById("doubts").innerHTML;
      waiting();
      var found = all("#rows tr").filter(function (one) { return cell(one.getAttribute("data-n"), "original").value === words; })[0];
      if (found) { choose(found.getAttribute("data-n")); if (here) { here.focus({ preventScroll: true }); } }
    }).catch(function () {
      say("暂时不能预览，已记入下表；请保存并检查。");
    }).then(function () { text.removeAttribute("aria-busy"); });
  }

  doc.addEventListener("click", function (event) {
    var at = event.target.closest ? event.target.closest("a[data-mark]") : null;
    if (!at) { return; }
    event.preventDefault();
    var inside = text.contains(at);
    choose(at.getAttribute("data-mark"), inside ? at : null);
    if (!inside && here) { here.scrollIntoView({ block: "center" }); here.focus({ preventScroll: true }); }
  });
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.hasAttribute("data-mark") && may) {
      event.preventDefault();
      choose(event.target.getAttribute("data-mark"), event.target);
      if (!part("chosen-as").disabled) { part("chosen-as").focus(); part("chosen-as").select(); } else { part("chosen-category").focus(); }
    }
  });
  doc.addEventListener("mouseup", function () { window.setTimeout(offer, 0); });
  doc.addEventListener("selectionchange", function () { if (!selected() && chooser) { chooser.hidden = true; } else { offer(); } });
  text.addEventListener("scroll", function () { if (chooser) { chooser.hidden = true; } });

  if (may) {
    if (part("keys")) { part("keys").hidden = false; }
    part("hide").addEventListener("click", function () { if (!mark("")) { decide(""); } });
    part("keep").addEventListener("click", function () { if (!mark("keep")) { decide("keep"); } });
    ["mousedown", "touchstart"].forEach(function (name) { // the selection stays
      chooser.addEventListener(name, function (event) { event.preventDefault(); if (name === "touchstart") { event.target.click(); } });
    });
    part("hide-selected").addEventListener("click", function () { mark(""); });
    part("keep-selected").addEventListener("click", function () { mark("keep"); });
    part("chosen-as").addEventListener("input", function () {
      cell(chosen, "replacement").value = this.value; dirty(); draw(chosen);
    });
    part("chosen-as").addEventListener("keydown", function (event) {
      if ((event.key === "Enter" || event.key === "Escape") && !event.isComposing) { event.preventDefault(); show(); if (here) { here.focus(); } }
    });
    part("chosen-category").addEventListener("change", function () {
      if (this.value === "keep") { decide("keep"); return; }
      if (cell(chosen, "category").value === "keep" || !cell(chosen, "category").value) { decide(""); }
      select(chosen, this.value); dirty(); draw(chosen); show();
    });
    // typing in the table is seen in the text at once; other words are looked for by the server
    part("rows").addEventListener("change", function (event) {
      var n = event.target.closest("tr").getAttribute("data-n");
      if (/-original$/.test(event.target.name)) {
        if (event.target.value && !cell(n, "category").value) { select(n, "selected"); }
        preview(event.target.value);
      } else { draw(n); if (n === chosen) { show(); } }
    });
    part("preview").hidden = true;
  }
  var first = text.querySelector("[data-hop]");
  if (first) { choose(first.getAttribute("data-mark"), first); }
})();
