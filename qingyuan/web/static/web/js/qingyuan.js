/* The little that needs a script. Every page works without it; no eval, no inline handlers, no style attributes. */
(function () {
  "use strict";
  var body = document.body;

  function each(selector, root, act) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  /* A short message in the corner; it stays until it is dismissed or replaced. */
  function say(text, tone) {
    var place = document.getElementById("toasts");
    if (!place || !text) return;
    var line = document.createElement("div");
    line.className = "note-line " + (tone || "info");
    var words = document.createElement("span");
    words.textContent = text;
    var button = document.createElement("button");
    button.type = "button";
    button.setAttribute("data-dismiss", "");
    button.textContent = body.getAttribute("data-dismiss");
    line.appendChild(words);
    line.appendChild(button);
    place.textContent = "";
    place.appendChild(line);
  }

  function closePicks(except) {
    each("details[data-pick][open]", null, function (pick) {
      if (pick !== except) pick.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    var target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    closePicks(target.closest("details[data-pick]"));
    var opener = target.closest("[data-open]");
    if (opener) {
      var dialog = document.getElementById(opener.getAttribute("data-open"));
      if (dialog && dialog.showModal) dialog.showModal();
    }
    var closer = target.closest("[data-close]");
    if (closer && closer.closest("dialog")) closer.closest("dialog").close();
    var dismiss = target.closest("button[data-dismiss]");
    if (dismiss) dismiss.closest(".note-line").remove();
    if (target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var open = document.querySelector("details[data-pick][open]");
      closePicks(null);
      if (open) open.querySelector("summary").focus();
      return;
    }
    var typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    var search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  });

  /* The chosen division stands in view when the list opens. */
  document.addEventListener("toggle", function (event) {
    var pick = event.target;
    if (!(pick instanceof HTMLDetailsElement) || !pick.open || !pick.hasAttribute("data-pick")) return;
    var panel = pick.querySelector(".panel");
    var chosen = panel && panel.querySelector("[aria-current]");
    if (chosen) panel.scrollTop = chosen.offsetTop - panel.clientHeight / 2;
  }, true);

  /* A road longer than the window opens where one stands on it. */
  each(".road .ways", null, function (ways) {
    var here = ways.querySelector("[aria-current]");
    if (here && here.offsetTop + here.offsetHeight > ways.offsetTop + ways.clientHeight) {
      ways.scrollTop = here.offsetTop - ways.offsetTop - ways.clientHeight / 2;
    }
  });

  function size(bytes) {
    return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  }

  document.addEventListener("change", function (event) {
    var target = event.target;
    if (!(target instanceof Element)) return;
    var drop = target.closest("[data-drop]");
    if (drop && target.files) {
      var names = Array.prototype.map.call(target.files, function (file) {
        return file.name + " · " + size(file.size);
      });
      drop.querySelector("[data-chosen]").textContent = names.join("; ");
    }
    if (target.hasAttribute("data-submit-on-change") && target.form) target.form.requestSubmit();
  });

  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var drop = event.target instanceof Element && event.target.closest("[data-drop]");
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        var input = drop.querySelector("input[type=file]");
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });

  /* One press, one submission: the button rests until the page answers or is shown again. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    /* A form that answers with a file leaves the page standing, so its button must stay alive. */
    if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("data-download")) return;
    setTimeout(function () {
      each("button:not([type=button])", form, function (button) { button.disabled = true; });
    }, 0);
  });
  window.addEventListener("pageshow", function () {
    each("form button[disabled]:not([data-stays-disabled])", null, function (button) { button.disabled = false; });
  });

  /* A page of a person's own is never shown again from the browser's memory: it is asked for anew, and by then it is closed. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.querySelector("[data-own-page]")) location.reload();
  });

  /* Paper shows what the screen folds away. */
  window.addEventListener("beforeprint", function () {
    each("details.behind:not([open])", null, function (one) {
      one.setAttribute("data-closed", "");
      one.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    each("details.behind[data-closed]", null, function (one) {
      one.removeAttribute("data-closed");
      one.open = false;
    });
  });

  document.addEventListener("htmx:responseError", function () { say(body.getAttribute("data-failed"), "error"); });
  document.addEventListener("htmx:sendError", function () { say(body.getAttribute("data-offline"), "error"); });
  document.addEventListener("qingyuan:say", function (event) {
    if (event.detail) say(event.detail.text, event.detail.tone);
  });
})();
