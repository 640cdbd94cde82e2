// One key a form: F7, F8 and F9 lead to the first field, Enter sends it.

addEventListener("keydown", (event) => {
  const field = document.querySelector(`[data-key="${event.key}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
