/* One button ticks many boxes; without it each is ticked by hand. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target instanceof Element && event.target.closest("[data-pick-values]");
    if (!button) return;
    var wanted = button.getAttribute("data-pick-values").split(",");
    var boxes = button.closest("form").querySelectorAll('input[type="checkbox"][name="' + button.getAttribute("data-pick-in") + '"]');
    Array.prototype.forEach.call(boxes, function (box) {
      if (wanted.indexOf(box.value) >= 0) box.checked = true;
    });
  });
})();
