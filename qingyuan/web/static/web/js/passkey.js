/* The browser's part of a passkey: what to sign stands in the form's attributes, the answer goes into a hidden field.
   Written for Chromium 86, which knows no parseCreationOptionsFromJSON; no data stands in a script. */
(function () {
  "use strict";

  function bytes(text) {
    var padded = text.replace(/-/g, "+").replace(/_/g, "/");
    var raw = atob(padded + "===".slice((padded.length + 3) % 4));
    var out = new Uint8Array(raw.length);
    for (var at = 0; at < raw.length; at += 1) out[at] = raw.charCodeAt(at);
    return out.buffer;
  }

  function text(buffer) {
    var raw = "";
    Array.prototype.forEach.call(new Uint8Array(buffer), function (byte) { raw += String.fromCharCode(byte); });
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function described(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }

  function asked(question) {
    var options = Object.assign({}, (question.publicKey || question));
    options.challenge = bytes(options.challenge);
    if (options.user) options.user = Object.assign({}, options.user, { id: bytes(options.user.id) });
    if (options.excludeCredentials) options.excludeCredentials = described(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = described(options.allowCredentials);
    return options;
  }

  function answered(credential) {
    var given = credential.response;
    var response = { clientDataJSON: text(given.clientDataJSON) };
    if (given.attestationObject) response.attestationObject = text(given.attestationObject);
    if (given.authenticatorData) response.authenticatorData = text(given.authenticatorData);
    if (given.signature) response.signature = text(given.signature);
    if (given.userHandle) response.userHandle = text(given.userHandle);
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: response,
      clientExtensionResults: credential.getClientExtensionResults()
    });
  }

  function prepare(form) {
    var button = form.querySelector("[data-passkey-go]");
    var said = form.querySelector("[data-passkey-said]");

    function say(name) {
      said.textContent = form.getAttribute(name);
      said.hidden = false;
      button.disabled = false;
    }

    button.addEventListener("click", function () {
      if (!window.PublicKeyCredential || !navigator.credentials) {
        say("data-unsupported");
        return;
      }
      button.disabled = true;
      said.hidden = true;
      var act = form.getAttribute("data-passkey");
      navigator.credentials[act]({ publicKey: asked(JSON.parse(form.getAttribute("data-question"))) }).then(function (credential) {
        form.elements[form.getAttribute("data-answer")].value = answered(credential);
        form.submit();
      }).catch(function () { say("data-cancelled"); });
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-passkey]"), prepare);
})();
