// The buttons that copy the command beside them.

for (const button of document.querySelectorAll(".copy")) {
  const command = button.parentElement.querySelector("code");
  const label = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = `✓ ${button.dataset.copied}`;
      setTimeout(() => { button.textContent = label; }, 2_000);
    } catch {
      getSelection().selectAllChildren(command); // not allowed here: selected, ready to be copied by hand
    }
  });
}
