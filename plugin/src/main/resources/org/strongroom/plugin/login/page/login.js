// What follows the hash sign never leaves the browser by itself, and Orthanc Explorer keeps the study there. It goes to this server only.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("input[name=fragment]");
  if (field !== null && location.hash.length > 1) {
    field.value = location.hash.substring(1);
    const elsewhere = document.querySelector("a.elsewhere");
    if (elsewhere !== null) {
      elsewhere.href += "&at=" + btoa(field.value).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    }
  }
});
