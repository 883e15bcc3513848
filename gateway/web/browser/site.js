// What a page does beside its HTML; without this file everything can be done all the same.
document.documentElement.classList.add("has-script");

const summary = document.querySelector('[data-module="error-summary"]');
if (summary) summary.focus();
