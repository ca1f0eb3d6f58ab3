/* A form of another office: arrow keys go from cell to cell, the chosen one is marked. Without this every cell is a link. */
(function () {
  "use strict";

  function cells(sheet) {
    return Array.prototype.slice.call(sheet.querySelectorAll("a[data-cell]"));
  }

  function rest(sheet, active) {
    cells(sheet).forEach(function (cell) { cell.tabIndex = cell === active ? 0 : -1; });
  }

  function choose(cell) {
    Array.prototype.forEach.call(document.querySelectorAll("a[data-cell][aria-current]"), function (one) {
      one.removeAttribute("aria-current");
    });
    cell.setAttribute("aria-current", "true");
    rest(cell.closest("[data-sheet]"), cell);
  }

  /* Up and down look for the cell whose middle is nearest, since merged cells have no column of their own. */
  function beside(sheet, from, key) {
    var all = cells(sheet);
    if (key === "ArrowLeft" || key === "ArrowRight") return all[all.indexOf(from) + (key === "ArrowRight" ? 1 : -1)];
    var down = key === "ArrowDown";
    var place = from.closest("td").getBoundingClientRect();
    var middle = (place.left + place.right) / 2;
    var best = null;
    var least = Infinity;
    all.forEach(function (cell) {
      var box = cell.closest("td").getBoundingClientRect();
      var away = down ? box.top - place.bottom : place.top - box.bottom;
      if (away < -1) return;
      var aside = box.left <= middle && middle <= box.right ? 0 : Math.min(Math.abs(box.left - middle), Math.abs(box.right - middle));
      if (away * 4 + aside < least) {
        least = away * 4 + aside;
        best = cell;
      }
    });
    return best;
  }

  /* Where the panel stands below the form (a phone), it comes into view when a cell is chosen. */
  document.addEventListener("htmx:afterSwap", function () {
    var panel = document.getElementById("panel");
    var sheet = document.querySelector("[data-sheet]");
    if (panel && sheet && panel.getBoundingClientRect().top > sheet.getBoundingClientRect().bottom) panel.scrollIntoView({ block: "start" });
  });

  Array.prototype.forEach.call(document.querySelectorAll("[data-sheet]"), function (sheet) {
    rest(sheet, sheet.querySelector("a[data-cell][aria-current]") || cells(sheet)[0]);
    sheet.addEventListener("keydown", function (event) {
      if (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].indexOf(event.key) < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      var from = event.target.closest("a[data-cell]");
      var next = from && beside(sheet, from, event.key);
      if (!next) return;
      event.preventDefault();
      rest(sheet, next);
      next.focus();
    });
    sheet.addEventListener("click", function (event) {
      var cell = event.target.closest("a[data-cell]");
      if (cell) choose(cell);
    });
  });
})();
